// A few blocks of memory that go round: filled here, emptied by the service worker, and back. There is never more of an
// archive in memory than they hold.

// From block to block the browser stands still for a moment, so they are large.
const SIZE = 8 * 1024 * 1024;
const MOST = 3;

export class Blocks {
  #port;
  // Rejects once the signal aborts.
  /** @type {Promise<never>} */
  #aborted;
  // The number of blocks.
  #made = 0;
  // Those that nothing is in.
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #empty = [];
  // The one that is being filled, and how far.
  /** @type {Uint8Array<ArrayBuffer> | null} */
  #block = null;
  #filled = 0;
  // Called when a block has come back.
  /** @type {(() => void) | null} */
  #return = null;

  /**
   * `port` leads to saver.js; whoever hears there that a block was emptied tells it to `take()`.
   *
   * @param {MessagePort} port
   * @param {AbortSignal} signal
   */
  constructor(port, signal) {
    this.#port = port;
    this.#aborted = new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    this.#aborted.catch(() => {}); // told to who waits
  }

  /** @param {ArrayBuffer} buffer */
  take(buffer) {
    this.#empty.push(new Uint8Array(buffer));
    this.#return?.();
  }

  /**
   * Copy these bytes, as soon as there is room for them. Throws the signal's reason.
   *
   * @param {Uint8Array} bytes
   */
  async write(bytes) {
    for (let done = 0; done < bytes.length; ) {
      const block = this.#block ?? (await this.#next());
      this.#block = block;
      const piece = bytes.subarray(done, done + SIZE - this.#filled);
      block.set(piece, this.#filled);
      this.#filled += piece.length;
      done += piece.length;
      if (this.#filled === SIZE || this.#isAwaited) this.#send(block);
    }
  }

  /** Send what is left, and return when all of it has gone to the browser. Throws the signal's reason. */
  async end() {
    if (this.#block && this.#filled) this.#send(this.#block);
    while (this.#empty.length < this.#made) await this.#returned();
    this.#port.postMessage({ kind: "end" });
  }

  /** True if the browser has had all that was sent: then nobody waits for a block to be full. */
  get #isAwaited() {
    return this.#empty.length === this.#made - 1;
  }

  async #next() {
    for (;;) {
      const block = this.#empty.pop();
      if (block) return block;
      if (this.#made < MOST) this.take(this.#make());
      else await this.#returned();
    }
  }

  #make() {
    this.#made += 1;
    return new ArrayBuffer(SIZE);
  }

  #returned() {
    /** @type {Promise<void>} */
    const returned = new Promise((resolve) => {
      this.#return = resolve;
    });
    return Promise.race([this.#aborted, returned]);
  }

  /** @param {Uint8Array<ArrayBuffer>} filled */
  #send(filled) {
    const block = filled.subarray(0, this.#filled);
    this.#port.postMessage({ kind: "block", block }, [block.buffer]);
    this.#block = null;
    this.#filled = 0;
  }
}
