// The URLs of a link's files, asked of the site a batch at a time, just before they are needed.

import { FileMissing, LinkClosed } from "./errors.js";

/** @typedef {import("./fetching.js").Answered} Answered */
/** @typedef {import("./packer.js").ArchiveFile} ArchiveFile */

const BATCH_FILES = 100; // as many as the site hands out at once
const BATCH_BYTES = 64 * 1024 * 1024;
const LIFE = 240_000; // milliseconds; a URL lives longer, and asking again shows what was taken back meanwhile

/** Statuses of answers that trying again does not change. */
export const REFUSED = new Set([400, 403, 404, 410, 412, 416]);

export class PresignedUrls {
  #files;
  // The URL at which they are asked for.
  #endpoint;
  // The receipt with which they are asked for.
  #receipt;
  #ask;
  // By the file's id; `until` is as of performance.now().
  /** @type {Map<string, { url: string, until: number }>} */
  #known = new Map();
  // The request that is under way.
  /** @type {Promise<void> | null} */
  #asking = null;

  /**
   * `ask` sends a request, and gives up on one that stands still.
   *
   * @param {{ files: ArchiveFile[], endpoint: string, receipt: string }} collection
   * @param {(address: string, options: RequestInit) => Promise<Answered>} ask
   */
  constructor({ files, endpoint, receipt }, ask) {
    this.#files = files;
    this.#endpoint = endpoint;
    this.#receipt = receipt;
    this.#ask = ask;
  }

  /**
   * Return the URL of the file at this place. Throws FileMissing where the link does not give it any longer, LinkClosed
   * where it gives nothing.
   *
   * @param {number} index
   */
  async at(index) {
    const { id } = this.#files[index];
    for (let wasAsked = false; ; ) {
      const known = this.#known.get(id);
      if (known && performance.now() < known.until) return known.url;
      if (wasAsked) throw new FileMissing();
      wasAsked = !this.#asking; // else what is under way may be for others
      this.#asking ??= this.#fetch(index).finally(() => {
        this.#asking = null;
      });
      await this.#asking;
    }
  }

  /**
   * Ask for the file's URL afresh when it is needed next.
   *
   * @param {ArchiveFile} file
   */
  forget({ id }) {
    this.#known.delete(id);
  }

  /**
   * Ask for the URLs of this file and the next ones.
   *
   * @param {number} index
   */
  async #fetch(index) {
    const body = new URLSearchParams([["receipt", this.#receipt], ...this.#batch(index).map((id) => ["file", id])]);
    const { answer } = await this.#ask(this.#endpoint, { method: "POST", body, cache: "no-store" });
    if (REFUSED.has(answer.status)) throw new LinkClosed();
    if (!answer.ok) throw new Error(`The site answered ${answer.status}.`);
    const until = performance.now() + LIFE;
    /** @type {{ urls: Record<string, string> }} */
    const { urls } = await answer.json();
    for (const [id, url] of Object.entries(urls)) this.#known.set(id, { url, until });
  }

  /**
   * Return the ids of this file and of as many of the next ones as are asked for together.
   *
   * @param {number} index
   */
  #batch(index) {
    /** @type {string[]} */
    const batch = [];
    for (let next = index, bytes = 0; next < this.#files.length && batch.length < BATCH_FILES; next += 1) {
      bytes += this.#files[next].size;
      if (batch.length && bytes > BATCH_BYTES) break;
      batch.push(this.#files[next].id);
    }
    return batch;
  }
}
