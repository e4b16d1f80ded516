// How many requests are under way to the bucket at once, over all files.

/** A cap that is shared fairly: a free slot goes to the upload that holds fewest, so none waits behind a large one. */
export class Slots {
  #limit;
  #held = new Map();
  #taken = 0;
  #waiting = [];

  constructor(limit) {
    this.#limit = limit;
  }

  /** Do `work()` while `holder` holds a slot. Throws what it throws, or the signal's reason while waiting. */
  async hold(holder, signal, work) {
    await this.#take(holder, signal);
    try {
      return await work();
    } finally {
      this.#release(holder);
    }
  }

  isHeldBy(holder) {
    return this.#held.has(holder);
  }

  #take(holder, signal) {
    return new Promise((resolve, reject) => {
      const request = { holder, grant: null };
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(request), 1);
        reject(signal.reason);
      };
      request.grant = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      signal.throwIfAborted();
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.push(request);
      this.#grant();
    });
  }

  #release(holder) {
    const left = this.#held.get(holder) - 1;
    if (left) this.#held.set(holder, left);
    else this.#held.delete(holder);
    this.#taken -= 1;
    this.#grant();
  }

  #grant() {
    while (this.#taken < this.#limit && this.#waiting.length) {
      const held = this.#waiting.map(({ holder }) => this.#held.get(holder) ?? 0);
      const [next] = this.#waiting.splice(held.indexOf(Math.min(...held)), 1);
      this.#held.set(next.holder, (this.#held.get(next.holder) ?? 0) + 1);
      this.#taken += 1;
      next.grant();
    }
  }
}
