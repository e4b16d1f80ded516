// The JSON API of this site. Its errors are problem+json (RFC 9457) and are thrown as ApiError.

import { ask, NetworkError } from "./network.js";
import { gettext, interpolate } from "./translation.js";

/** @typedef {import("./network.js").Answer} Answer */

/**
 * Options of a request beside its operation; with `keepalive` it is sent though the page is left.
 *
 * @template {keyof schema.Operations} Operation
 * @typedef {{
 *   params?: schema.Operations[Operation]["params"],
 *   query?: schema.Operations[Operation]["query"],
 *   body?: schema.Operations[Operation]["body"],
 *   signal?: AbortSignal,
 *   keepalive?: boolean,
 * }} Options
 */

// Joining ten thousand parts can keep a bucket, and so the API, busy for minutes.
const TIMEOUT_MS = 300_000;

/** The API refused a request, or did not answer. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 where there was no answer at all
   * @param {Partial<schema.Problem>} problem
   */
  constructor(status, problem = {}) {
    super((status !== 401 && (problem.detail || problem.title)) || wordsFor(status));
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    /** The last word of the problem's type, such as "quota-exceeded". */
    this.kind =
      String(problem.type ?? "")
        .split("/")
        .at(-1) ?? "";
  }

  /** True if the bucket said why it does not do what was asked: it will not in a moment either. */
  get isBucketsRefusal() {
    return this.kind === "bucket-refused";
  }

  /** True if the same request may well succeed in a while. */
  get isTemporary() {
    if (this.isBucketsRefusal) return false;
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * Return the words for an answer that does not say it itself.
 *
 * @param {number} status
 */
function wordsFor(status) {
  if (!status) return gettext("This site can't be reached.");
  if (status === 401) return gettext("You are signed out. Sign in again in another tab, then try again here.");
  if (status === 403) return gettext("This page is out of date. Reload it.");
  return interpolate(gettext("This site answered with an error (%(status)s)."), { status: String(status) });
}

export class Api {
  // The URL of the API, without a slash at its end.
  #base;
  #csrfToken;
  #renewCsrfToken;

  /**
   * `renewCsrfToken` is asked for a token after a 403: signing in again elsewhere replaces the one we have.
   * It promises null when nobody is signed in, and may throw NetworkError.
   *
   * @param {{ base: string, csrfToken: string, renewCsrfToken: () => Promise<string | null> }} options
   */
  constructor({ base, csrfToken, renewCsrfToken }) {
    this.#base = base.replace(/\/$/, "");
    this.#csrfToken = csrfToken;
    this.#renewCsrfToken = renewCsrfToken;
  }

  /**
   * Return what the API answers to an operation, such as "GET /uploads/{upload_id}/"; null for 204.
   * Throws ApiError, or the signal's reason.
   *
   * @template {keyof schema.Operations} Operation
   * @param {Operation} operation
   * @param {Options<Operation>} options
   * @returns {Promise<schema.Operations[Operation]["answer"]>}
   */
  async request(operation, options = {}) {
    const ask = () => this.#ask(operation, options);
    try {
      const answer = await ask();
      // The API never sends anybody elsewhere; a proxy that signs people in does.
      if (answer.status === 0) throw new ApiError(401);
      if (answer.status !== 403) return contentOf(answer);
      const token = await this.#renewCsrfToken();
      if (!token) throw new ApiError(401);
      this.#csrfToken = token;
      return contentOf(await ask());
    } catch (error) {
      // Anything else that was thrown is no failure of the network, and must not be told as one.
      if (error instanceof NetworkError) throw new ApiError(0);
      throw error;
    }
  }

  /**
   * @template {keyof schema.Operations} Operation
   * @param {Operation} operation
   * @param {Options<Operation>} options
   */
  #ask(operation, { params = {}, query = {}, body, signal, keepalive = false }) {
    const [method, path] = operation.split(" ");
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", "X-CSRFToken": this.#csrfToken };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return ask(this.#base + addressOf(path, params, query), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      keepalive,
      timeout: TIMEOUT_MS,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
    });
  }
}

/**
 * Fill in the parameters of a path, and add those of the query.
 *
 * @param {string} path
 * @param {Record<string, string>} params
 * @param {Record<string, string | number | undefined>} query
 */
function addressOf(path, params, query) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name]));
  const asked = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return asked.length ? `${filled}?${asked.join("&")}` : filled;
}

/** @param {Answer} answer */
function contentOf({ status, ok, text }) {
  if (status === 204) return null;
  const content = parsed(text);
  // A proxy answered in HTML.
  if (content === undefined) throw new ApiError(ok ? 0 : status);
  if (!ok) throw new ApiError(status, content);
  return content;
}

/**
 * Return what this JSON says; undefined if it is none.
 *
 * @param {string} text
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
