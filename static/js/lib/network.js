// Requests that get an answer or fail in time, in every browser that Waybill is for.

import { gettext } from "./translation.js";

/** No answer came, or not all of it: the network failed, or the time was over. */
export class NetworkError extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super(gettext("There was no answer."), { cause });
    this.name = "NetworkError";
  }
}

/** @typedef {{ status: number, ok: boolean, text: string, etag: string | null }} Answer */

/**
 * Send a request and read the whole answer, within `timeout` milliseconds.
 *
 * Throws NetworkError where none came, and the signal's reason once it has aborted. Only what fetch() reports of the
 * network is taken for that: a request that cannot even be made is a mistake in our own code, and is thrown as it is.
 *
 * @param {string} url
 * @param {RequestInit & { timeout: number }} options
 * @returns {Promise<Answer>}
 */
export async function ask(url, { signal, timeout, ...options }) {
  const limit = limited(signal, timeout);
  const request = new Request(url, { ...options, signal: limit.signal });
  try {
    const answer = await fetch(request);
    const { status, ok, headers } = answer;
    return { status, ok, text: await answer.text(), etag: headers.get("ETag") };
  } catch (error) {
    signal?.throwIfAborted();
    throw new NetworkError(error);
  } finally {
    limit.end();
  }
}

/**
 * Return a signal that aborts with the one given, if any, or after `timeout` milliseconds; call `end()` once it is
 * needed no longer. AbortSignal.any() and AbortSignal.timeout() are younger than the browsers of many receivers.
 *
 * @param {AbortSignal | null | undefined} signal
 * @param {number} timeout
 * @returns {{ signal: AbortSignal, end: () => void }}
 */
export function limited(signal, timeout) {
  const control = new AbortController();
  const abort = () => control.abort(signal?.reason);
  const timer = setTimeout(() => control.abort(new DOMException("The time is over.", "TimeoutError")), timeout);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
  return { signal: control.signal, end };
}
