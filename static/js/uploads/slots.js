// How many requests are under way to the bucket at once, over all files.

import { Pace } from "./pace.js";

/**
 * One cap, shared fairly: a free slot goes to the upload that holds fewest. Large files leave one slot free, so that a
 * small one never waits for a part of many megabytes to end.
 */
export class Slots {
  #pace;
  #held = new Map();
  #taken = 0;
  #takenByLarge = 0;
  #waiting = [];

  constructor(pace = new Pace()) {
    this.#pace = pace;
  }

  /** Do `work()` while `holder` ({isSmall}) holds a slot. Throws what it throws, or the signal's reason. */
  async hold(holder, signal, work) {
    await this.#take(holder, signal);
    try {
      const result = await work();
      this.#pace.end(this.#waiting.length > 0);
      return result;
    } catch (error) {
      if (error.isOverload) this.#pace.stumble();
      throw error;
    } finally {
      this.#release(holder);
    }
  }

  /** `bytes` have left for the bucket. */
  move(bytes) {
    if (bytes > 0) this.#pace.move(bytes);
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
    this.#count(holder, -1);
    this.#grant();
  }

  #grant() {
    while (this.#taken < this.#pace.limit) {
      const next = this.#next();
      if (!next) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#held.set(next.holder, (this.#held.get(next.holder) ?? 0) + 1);
      this.#count(next.holder, 1);
      next.grant();
    }
  }

  /** Whose turn it is: of those that may, the first of those that hold fewest. */
  #next() {
    const isFullOfLarge = this.#takenByLarge >= this.#pace.limit - 1;
    let next = null;
    let fewest = Infinity;
    for (const request of this.#waiting) {
      const held = this.#held.get(request.holder) ?? 0;
      if (held >= fewest || (isFullOfLarge && !request.holder.isSmall)) continue;
      [next, fewest] = [request, held];
      if (!held) break;
    }
    return next;
  }

  #count(holder, change) {
    this.#taken += change;
    if (!holder.isSmall) this.#takenByLarge += change;
  }
}
