// A few blocks of memory that go round: filled here, emptied by the service worker, and back. There is never more of an
// archive in memory than they hold.

// From block to block the browser stands still for a moment, so they are large.
const SIZE = 8 * 1024 * 1024;
const MOST = 3;

export class Blocks {
  #port;
  #aborted;
  #made = 0;
  #empty = [];
  #block = null;
  #filled = 0;
  #return = null;

  /** `port` leads to saver.js; whoever hears there that a block was emptied tells it to `take()`. */
  constructor(port, signal) {
    this.#port = port;
    this.#aborted = new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    this.#aborted.catch(() => {}); // told to who waits
  }

  take(buffer) {
    this.#empty.push(new Uint8Array(buffer));
    this.#return?.();
  }

  /** Copy these bytes, as soon as there is room for them. Throws the signal's reason. */
  async write(bytes) {
    for (let done = 0; done < bytes.length; ) {
      this.#block ??= await this.#next();
      const piece = bytes.subarray(done, done + SIZE - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      done += piece.length;
      if (this.#filled === SIZE || this.#isAwaited) this.#send();
    }
  }

  /** Send what is left, and return when all of it has gone to the browser. Throws the signal's reason. */
  async end() {
    if (this.#filled) this.#send();
    while (this.#empty.length < this.#made) await this.#returned();
    this.#port.postMessage({ kind: "end" });
  }

  /** Whether the browser has had all that was sent: then nobody waits for a block to be full. */
  get #isAwaited() {
    return this.#empty.length === this.#made - 1;
  }

  async #next() {
    while (!this.#empty.length) {
      if (this.#made < MOST) this.take(this.#make());
      else await this.#returned();
    }
    return this.#empty.pop();
  }

  #make() {
    this.#made += 1;
    return new ArrayBuffer(SIZE);
  }

  #returned() {
    return Promise.race([
      this.#aborted,
      new Promise((resolve) => {
        this.#return = resolve;
      }),
    ]);
  }

  #send() {
    const block = this.#block.subarray(0, this.#filled);
    this.#port.postMessage({ kind: "block", block }, [block.buffer]);
    this.#block = null;
    this.#filled = 0;
  }
}
