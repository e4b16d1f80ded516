// One link to several uploads: those that have not begun yet join it as soon as they do.

import { persist } from "../lib/backoff.js";
import { Collector } from "../lib/collector.js";

const LONGEST_TITLE = 200;
const MOST_AT_ONCE = 5000; // as many as a link takes: it says so of more

export class GrowingLink {
  #api;
  #onproblem;
  #joins = new Collector((ids) => this.#grant(ids));
  #link = null;
  #uploads = new Set();
  #granted = new Set();
  #joining = 0;
  #isRefused = false;

  /** `onproblem` is told in words why files cannot join. */
  constructor(api, onproblem) {
    this.#api = api;
    this.#onproblem = onproblem;
  }

  /** Whether files have begun that it does not lead to yet. */
  get isJoining() {
    return this.#joining > 0;
  }

  /** Have it lead to these, too. Promises the API's Link as soon as it leads to those that have begun. Throws ApiError. */
  async lead(uploads) {
    const isNew = !this.#link;
    this.#isRefused = false;
    this.#link ??= this.#make(uploads);
    try {
      const link = await this.#link;
      const joined = uploads.map((upload) => this.#follow(upload));
      if (!isNew) await Promise.all(joined);
      return link;
    } catch (error) {
      if (isNew) this.#link = null;
      throw error;
    }
  }

  async #make(uploads) {
    const files = uploads.filter(hasBegun).slice(0, MOST_AT_ONCE).map(({ record }) => record.file.id);
    const link = await this.#api.request("POST", "/links/", { body: { files, title: folderOf(uploads) } });
    for (const id of files) this.#granted.add(id);
    return link;
  }

  /** An upload that is begun anew, after a failure, brings another file. */
  async #follow(upload) {
    if (!this.#uploads.has(upload)) upload.addEventListener("change", () => this.#look(upload));
    this.#uploads.add(upload);
    await this.#look(upload);
  }

  async #look(upload) {
    const id = hasBegun(upload) && upload.record.file.id;
    if (!id || this.#granted.has(id) || this.#isRefused) return;
    this.#granted.add(id);
    this.#joining += 1;
    try {
      await this.#joins.ask(id);
    } catch (error) {
      // Not again with each step of its progress: only when the link is asked for once more.
      this.#isRefused = true;
      this.#granted.delete(id);
      this.#onproblem(error.message || "This site cannot be reached.");
    } finally {
      this.#joining -= 1;
    }
  }

  async #grant(ids) {
    const { id } = await this.#link;
    const ask = () => this.#api.request("POST", `/links/${id}/files/`, { body: { files: ids } });
    try {
      await persist(ask, { isTemporary: (error) => error.isTemporary, signal: new AbortController().signal });
    } catch (error) {
      if (error.status !== 404) throw error;
      // One of them was cancelled meanwhile.
      if (ids.length > 1) for (const one of ids) await this.#grant([one]);
    }
    return ids;
  }
}

function hasBegun({ record, state }) {
  return record !== null && state !== "failed" && state !== "cancelled";
}

/** The folder that all of them come from, or nothing. */
function folderOf(uploads) {
  const [top, ...others] = new Set(uploads.map(({ source }) => source.path.split("/")[0]));
  return others.length ? "" : top.slice(0, LONGEST_TITLE);
}
