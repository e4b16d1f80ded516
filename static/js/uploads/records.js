// What the API keeps of uploads. Small files are announced and completed together, a hundred in one request.

import { ApiError } from "../lib/api.js";
import { Batcher } from "../lib/batcher.js";
import { browserId } from "../lib/browser-id.js";

export class Records {
  #api;
  #browser = browserId();
  #announcements;
  #completions;

  constructor(api) {
    this.#api = api;
    this.#announcements = new Batcher((uploads) => this.#announceAll(uploads));
    this.#completions = new Batcher((ids) => this.#completeAll(ids));
  }

  /** The uploads that are unfinished. Throws ApiError, as all of these do. */
  async unfinished() {
    return (await this.#api.request("GET", `/uploads/?browser=${this.#browser}`)).items;
  }

  /** Say that this browser is sending the uploads with these ids, and no others. That there are none outlasts the page. */
  noteSending(ids) {
    return this.#api.request("POST", "/uploads/sending/", {
      body: { browser: this.#browser, ids },
      keepalive: !ids.length,
    });
  }

  show(id, signal) {
    return this.#api.request("GET", `/uploads/${id}/`, { signal });
  }

  /** Begin an upload; safe to repeat, since its id is ours. Not to be aborted: it would hold its quota for days. */
  announce(announcement, { isSmall }) {
    if (isSmall) return this.#announcements.ask(announcement);
    return this.#api.request("POST", "/uploads/", { body: announcement });
  }

  async sign(id, parts, signal) {
    return (await this.#api.request("POST", `/uploads/${id}/parts/`, { body: { parts }, signal })).parts;
  }

  /** Joining many parts takes long; small files do not wait for that. */
  complete(id, { isSmall, signal }) {
    if (isSmall) return this.#completions.ask(id);
    return this.#api.request("POST", `/uploads/${id}/completion/`, { signal });
  }

  cancel(id) {
    return this.#api.request("DELETE", `/uploads/${id}/`);
  }

  async #announceAll(uploads) {
    if (uploads.length === 1) return [await this.announce(uploads[0], { isSmall: false })];
    return resultsIn(await this.#api.request("POST", "/uploads/batch/", { body: { uploads } }));
  }

  async #completeAll(ids) {
    if (ids.length === 1) return [await this.complete(ids[0], { isSmall: false })];
    return resultsIn(await this.#api.request("POST", "/uploads/batch/completion/", { body: { ids } }));
  }
}

function resultsIn({ results }) {
  return results.map(({ upload, problem }) => upload ?? new ApiError(problem.status, problem));
}
