// Files chosen or dropped at once: a folder, several files, or one.

/** @typedef {import("./upload.js").Upload} Upload */

export class Batch {
  // The folders at the top in which they lie; "" for those in none.
  /** @type {Set<string>} */
  #tops = new Set();

  /** @type {Set<Upload>} */
  uploads = new Set();
  /** True if several were chosen, though others may have been cancelled since. */
  isMany = false;

  /** @param {Upload} upload */
  add(upload) {
    this.uploads.add(upload);
    this.#tops.add(upload.source.path.split("/")[0]);
    this.isMany ||= this.uploads.size > 1;
  }

  /** The folder that all of them come from, or "". */
  get folder() {
    const [top = "", ...others] = this.#tops;
    return others.length ? "" : top;
  }

  /** True if none of them moves, waits or is paused. */
  get isOver() {
    for (const { isOver } of this.uploads) if (!isOver) return false;
    return true;
  }

  get hasFailures() {
    for (const { state } of this.uploads) if (state === "failed") return true;
    return false;
  }
}
