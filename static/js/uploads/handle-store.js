// Keeps, in this browser, how to reach the files that are on their way: see ../lib/handles.js.

import { dropHandle, keepHandle, keptIds } from "../lib/handles.js";

/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./source.js").Reach} Reach */
/** @typedef {import("./upload.js").Upload} Upload */

export class HandleStore {
  // Under which id each upload's handle is kept.
  /** @type {Map<Upload, string>} */
  #ids = new Map();

  /** @param {Queue} queue the sources of its uploads may have `reach` */
  constructor(queue) {
    queue.on("change", (upload) => this.#note(upload));
  }

  /**
   * Forget the files of uploads other than `unfinished`, and return the ids of those that can be reached.
   *
   * @param {Set<string>} unfinished
   */
  async keepOnly(unfinished) {
    const kept = await keptIds();
    for (const id of kept) if (!unfinished.has(id)) dropHandle(id);
    return new Set([...kept].filter((id) => unfinished.has(id)));
  }

  /** @param {string} id */
  forget(id) {
    return dropHandle(id);
  }

  /** @param {Upload} upload */
  #note(upload) {
    const { source, record, state } = upload;
    if (!source.reach) return;
    if (state === "ready" || state === "cancelled") this.#drop(upload);
    else if (record && this.#ids.get(upload) !== record.id) this.#keep(upload, record.id, source.reach);
  }

  /**
   * @param {Upload} upload
   * @param {string} id
   * @param {Reach} reach
   */
  async #keep(upload, id, { root, steps }) {
    this.#ids.set(upload, id);
    const handle = await root;
    // It may have arrived meanwhile.
    if (handle && this.#ids.get(upload) === id) await keepHandle(id, handle, steps);
  }

  /** @param {Upload} upload */
  #drop(upload) {
    const id = this.#ids.get(upload);
    if (id === undefined) return;
    dropHandle(id);
    this.#ids.delete(upload);
  }
}
