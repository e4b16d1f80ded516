// The JSON API of this site. Its errors are problem+json (RFC 9457) and are thrown as ApiError.

import { ask, NetworkError } from "./network.js";

// Joining ten thousand parts can keep a bucket, and so the API, busy for minutes.
const PATIENCE_MS = 300_000;

export class ApiError extends Error {
  /** `status` is 0 where there was no answer at all; `problem` holds the members of the problem+json. */
  constructor(status, problem = {}) {
    super((status !== 401 && (problem.detail || problem.title)) || wordsFor(status));
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    /** The last word of the problem's type, such as "quota-exceeded". */
    this.kind = String(problem.type ?? "")
      .split("/")
      .at(-1);
  }

  /** Whether the bucket said why it does not do what was asked: it will not in a moment either. */
  get isBucketsRefusal() {
    return this.kind === "bucket-refused";
  }

  /** Whether the same request may well succeed in a while. */
  get isTemporary() {
    if (this.isBucketsRefusal) return false;
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What to say of an answer that does not say it itself. */
function wordsFor(status) {
  if (!status) return "This site cannot be reached.";
  if (status === 401) return "You are signed out: sign in again in another tab, then try again here.";
  if (status === 403) return "This page is out of date: reload it.";
  return `This site answered with an error (${status}).`;
}

export class Api {
  #base;
  #csrfToken;
  #renewCsrfToken;

  /**
   * `renewCsrfToken` is asked for a token after a 403: signing in again elsewhere replaces the one we have.
   * It promises null when nobody is signed in, and may throw NetworkError.
   */
  constructor({ base, csrfToken, renewCsrfToken }) {
    this.#base = base.replace(/\/$/, "");
    this.#csrfToken = csrfToken;
    this.#renewCsrfToken = renewCsrfToken;
  }

  /** What the API answers, or null for 204; `keepalive`: whether it is asked though the page is left. Throws ApiError, or the signal's reason. */
  async request(method, path, { body, signal, keepalive = false } = {}) {
    try {
      const answer = await this.#ask(method, path, { body, signal, keepalive });
      // The API never sends anybody elsewhere; a proxy that signs people in does.
      if (answer.status === 0) throw new ApiError(401);
      if (answer.status !== 403) return contentOf(answer);
      const token = await this.#renewCsrfToken();
      if (!token) throw new ApiError(401);
      this.#csrfToken = token;
      return contentOf(await this.#ask(method, path, { body, signal, keepalive }));
    } catch (error) {
      // Anything else that was thrown is no failure of the network, and must not be told as one.
      if (error instanceof NetworkError) throw new ApiError(0);
      throw error;
    }
  }

  #ask(method, path, { body, signal, keepalive }) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.#csrfToken };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return ask(`${this.#base}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      keepalive,
      patience: PATIENCE_MS,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
    });
  }
}

function contentOf({ status, ok, text }) {
  if (status === 204) return null;
  const content = parsed(text);
  // A proxy answered in HTML.
  if (content === undefined) throw new ApiError(ok ? 0 : status);
  if (!ok) throw new ApiError(status, content);
  return content;
}

/** What this JSON says; undefined for what is none. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
