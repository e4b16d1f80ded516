// Uploads of one kind in the order of their coming, and how many of them run at once.

/** @typedef {{ size: number, run: () => Promise<void> }} Runnable */

/** @template {Runnable} Item */
export class UploadLane {
  /** @type {Set<Item>} */
  #waiting = new Set();
  /** @type {Set<Item>} */
  #running = new Set();
  // Of those that run.
  #bytes = 0;
  #mayRun;
  #onend;

  /**
   * `mayRun(count, bytes)`: whether so many, of so many bytes together, may run at once; `onend` follows each end.
   *
   * @param {(count: number, bytes: number) => boolean} mayRun
   * @param {() => void} onend
   */
  constructor(mayRun, onend) {
    this.#mayRun = mayRun;
    this.#onend = onend;
  }

  get isBusy() {
    return this.#waiting.size + this.#running.size > 0;
  }

  /** @param {Item} upload */
  add(upload) {
    this.#waiting.add(upload);
    this.#advance();
  }

  /**
   * Take one out that waits. One that runs leaves by itself, when it ends.
   *
   * @param {Item} upload
   */
  remove(upload) {
    this.#waiting.delete(upload);
  }

  #advance() {
    for (const upload of this.#waiting) {
      // Paused and resumed at once, it may still be about to end.
      if (this.#running.has(upload)) continue;
      if (this.#running.size && !this.#mayRun(this.#running.size + 1, this.#bytes + upload.size)) return;
      this.#waiting.delete(upload);
      this.#run(upload);
    }
  }

  /** @param {Item} upload */
  async #run(upload) {
    this.#running.add(upload);
    this.#bytes += upload.size;
    await upload.run();
    this.#running.delete(upload);
    this.#bytes -= upload.size;
    this.#advance();
    this.#onend();
  }
}
