// Requests to the API about uploads. Small files are started and completed together, a hundred in one request.

import { ApiError } from "../lib/api.js";
import { Batcher } from "../lib/batcher.js";
import { browserId } from "../lib/browser-id.js";

/** @typedef {import("../lib/api.js").Api} Api */

// As many as the API lists. A page that is left while thousands of small files are sent leaves several hundred.
const MAX_UNFINISHED = 1000;

export class Records {
  #api;
  #browser = browserId();
  /** @type {Batcher<schema.UploadIn, schema.UploadOut>} */
  #starts = new Batcher((uploads) => this.#startAll(uploads));
  /** @type {Batcher<string, schema.UploadOut>} */
  #completions = new Batcher((ids) => this.#completeAll(ids));

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** Return the uploads that are unfinished. Throws ApiError, as all of these do. */
  async unfinished() {
    const query = { browser: this.#browser, limit: MAX_UNFINISHED };
    return (await this.#api.request("GET /uploads/", { query })).items;
  }

  /**
   * Say that this browser is sending the uploads with these ids, and no others. That there are none outlasts the page.
   *
   * @param {string[]} ids
   */
  noteSending(ids) {
    const body = { browser: this.#browser, ids };
    return this.#api.request("POST /uploads/sending/", { body, keepalive: !ids.length });
  }

  /**
   * @param {string} id
   * @param {AbortSignal} [signal]
   */
  show(id, signal) {
    return this.#api.request("GET /uploads/{upload_id}/", { params: { upload_id: id }, signal });
  }

  /**
   * Start an upload; safe to repeat, since its id is ours. Not to be aborted: it would hold its quota for days.
   *
   * @param {schema.UploadIn} spec
   * @param {{ isSmall: boolean }} options
   * @returns {Promise<schema.UploadOut>}
   */
  start(spec, { isSmall }) {
    if (isSmall) return this.#starts.ask(spec);
    return this.#api.request("POST /uploads/", { body: spec });
  }

  /**
   * Have the requests for these parts signed.
   *
   * @param {string} id
   * @param {schema.PartIn[]} parts
   * @param {AbortSignal} signal
   */
  async sign(id, parts, signal) {
    const options = { params: { upload_id: id }, body: { parts }, signal };
    return (await this.#api.request("POST /uploads/{upload_id}/parts/", options)).parts;
  }

  /**
   * Have the bucket put it together. Joining many parts takes long; small files do not wait for that.
   *
   * @param {string} id
   * @param {{ isSmall: boolean, signal?: AbortSignal }} options
   * @returns {Promise<schema.UploadOut>}
   */
  complete(id, { isSmall, signal }) {
    if (isSmall) return this.#completions.ask(id);
    return this.#api.request("POST /uploads/{upload_id}/completion/", { params: { upload_id: id }, signal });
  }

  /** @param {string} id */
  cancel(id) {
    return this.#api.request("DELETE /uploads/{upload_id}/", { params: { upload_id: id } });
  }

  /**
   * @param {schema.UploadIn[]} uploads
   * @returns {Promise<(schema.UploadOut | Error)[]>}
   */
  async #startAll(uploads) {
    if (uploads.length === 1) return [await this.start(uploads[0], { isSmall: false })];
    return resultsIn(await this.#api.request("POST /uploads/batch/", { body: { uploads } }));
  }

  /**
   * @param {string[]} ids
   * @returns {Promise<(schema.UploadOut | Error)[]>}
   */
  async #completeAll(ids) {
    if (ids.length === 1) return [await this.complete(ids[0], { isSmall: false })];
    return resultsIn(await this.#api.request("POST /uploads/batch/completion/", { body: { ids } }));
  }
}

/** @param {schema.StartsOut | schema.CompletionsOut} answer */
function resultsIn({ results }) {
  return results.map((result) =>
    "upload" in result ? result.upload : new ApiError(result.problem.status, result.problem),
  );
}
