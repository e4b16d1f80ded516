// The JSON API of this site. Its errors are problem+json (RFC 9457) and are thrown as ApiError.

// Joining ten thousand parts can keep a bucket, and so the API, busy for minutes.
const PATIENCE_MS = 300_000;

export class ApiError extends Error {
  /** `status` is 0 where there was no answer at all; `problem` holds the members of the problem+json. */
  constructor(status, problem = {}) {
    super(problem.detail || problem.title || "");
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    /** The last word of the problem's type, such as "quota-exceeded". */
    this.kind = String(problem.type ?? "").split("/").at(-1);
  }

  /** Whether the same request may well succeed in a while. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Api {
  #base;
  #csrfToken;
  #renewCsrfToken;

  /**
   * `renewCsrfToken` is asked for a token after a 403: signing in again elsewhere replaces the one we have.
   * It promises null when nobody is signed in.
   */
  constructor({ base, csrfToken, renewCsrfToken }) {
    this.#base = base.replace(/\/$/, "");
    this.#csrfToken = csrfToken;
    this.#renewCsrfToken = renewCsrfToken;
  }

  /** What the API answers, or null for 204. Throws ApiError, or the signal's reason. */
  async request(method, path, { body, signal } = {}) {
    const answer = await this.#fetch(method, path, body, signal);
    if (answer.status !== 403) return this.#read(answer, signal);
    const token = await this.#renewCsrfToken().catch(() => {
      throw new ApiError(0);
    });
    if (!token) throw new ApiError(401);
    this.#csrfToken = token;
    return this.#read(await this.#fetch(method, path, body, signal), signal);
  }

  async #fetch(method, path, body, signal) {
    const limit = AbortSignal.timeout(PATIENCE_MS);
    const headers = { Accept: "application/json", "X-CSRFToken": this.#csrfToken };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await fetch(`${this.#base}${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        credentials: "same-origin",
        cache: "no-store",
      });
    } catch {
      signal?.throwIfAborted();
      throw new ApiError(0);
    }
  }

  async #read(answer, signal) {
    if (answer.status === 204) return null;
    let content;
    try {
      content = await answer.json();
    } catch {
      // The connection broke off, or a proxy answered in HTML.
      signal?.throwIfAborted();
      throw new ApiError(answer.ok ? 0 : answer.status);
    }
    if (!answer.ok) throw new ApiError(answer.status, content);
    return content;
  }
}
