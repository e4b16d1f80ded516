// One link to several uploads: those that have not begun yet join it as soon as they do.

import { Batcher } from "../lib/batcher.js";
import { retry } from "../lib/retry.js";
import { cut } from "../lib/text.js";

const GONE = "The link, or a file that was to be in it, is no longer there: reload this page.";
const ENDED = new Set(["expired", "revoked", "suspended"]);
const LONGEST_TITLE = 200; // in code points, as the API counts
const MOST_AT_ONCE = 5000; // as many as a link takes: it says so of more

export class BulkLink {
  /** The API's Link, once there is one. */
  made;
  /** Whether it was seen to give nothing any longer. */
  isOver = false;
  #api;
  #pending;
  #onproblem;
  #joins = new Batcher((ids) => this.#grant(ids));
  #uploads = new Set();
  #joined = new Map(); // by the files' ids, as promises
  #joining = 0;
  #isRefused = false;

  /** `pending`: see pending-links.js; `onproblem` is told in words why files cannot join; `made`: a link of before. */
  constructor(api, { pending, onproblem, made = null }) {
    this.#api = api;
    this.#pending = pending;
    this.#onproblem = onproblem;
    this.made = made;
  }

  /** Whether files have begun that it does not lead to yet. */
  get isJoining() {
    return this.#joining > 0;
  }

  /** Have it lead to these, too. Promises the link as soon as it leads to those that have begun. Throws ApiError. */
  async add(uploads) {
    this.#isRefused = false;
    const wanted = uploads.filter(({ state }) => state !== "cancelled");
    this.made ??= await this.#make(wanted);
    const missing = wanted.filter(({ state }) => state !== "ready");
    if (missing.length)
      this.#pending.add(
        this.made,
        missing.map(({ source }) => source),
      );
    await Promise.all(wanted.map((upload) => this.track(upload)));
    return this.made;
  }

  /** What has arrived, or was cancelled, is no longer pending. */
  settle() {
    const over = [...this.#uploads].filter(({ state }) => state === "ready" || state === "cancelled");
    if (this.made)
      this.#pending.remove(
        this.made.id,
        over.map(({ source }) => source),
      );
  }

  async #make(uploads) {
    const files = uploads
      .filter(hasBegun)
      .slice(0, MOST_AT_ONCE)
      .map(({ record }) => record.file.id);
    const link = await this.#api.request("POST", "/links/", { body: { files, title: folderOf(uploads) } });
    for (const id of files) this.#joined.set(id, Promise.resolve());
    return link;
  }

  /** Lead to this one as soon as it has begun; begun anew, after a failure, it brings another file. */
  async track(upload) {
    if (!this.#uploads.has(upload)) upload.addEventListener("change", () => this.#look(upload));
    this.#uploads.add(upload);
    await this.#look(upload);
  }

  async #look(upload) {
    const id = hasBegun(upload) && upload.record.file.id;
    if (!id || this.#isRefused || this.isOver) return;
    if (!this.#joined.has(id)) this.#joined.set(id, this.#join(id));
    await this.#joined.get(id);
  }

  async #join(id) {
    this.#joining += 1;
    try {
      await this.#joins.ask(id);
    } catch (error) {
      // Not again with each step of its progress: only when the link is asked for once more.
      this.#isRefused = true;
      this.#joined.delete(id);
      this.#onproblem(error.message);
    } finally {
      this.#joining -= 1;
    }
  }

  #isCancelled(id) {
    return ![...this.#uploads].some(({ record }) => record?.file.id === id);
  }

  async #grant(ids) {
    const ask = () => this.#api.request("POST", `/links/${this.made.id}/files/`, { body: { files: ids } });
    try {
      const patience = { isTemporary: (error) => error.isTemporary, signal: new AbortController().signal };
      this.isOver = ENDED.has((await retry(ask, patience)).state);
    } catch (error) {
      if (error.status !== 404) throw error;
      if (ids.length === 1 && !this.#isCancelled(ids[0])) throw new Error(GONE);
      // One of several was cancelled meanwhile.
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
  return others.length ? "" : cut(top, LONGEST_TITLE);
}
