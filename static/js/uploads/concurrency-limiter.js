// How many requests are under way to the bucket at once, over all files.

import { AdaptiveLimit } from "./adaptive-limit.js";
import { Ramp } from "./ramp.js";

// How often those that wait look whether the ones before them stand still.
const LOOK_EVERY_MS = 5000;

/**
 * One cap, shared fairly: a free slot goes to the upload that holds fewest. Large files leave one slot free, so that a
 * small one never waits for a part of many megabytes to end, and take few until the line is known to be worth more.
 */
export class ConcurrencyLimiter {
  #adaptiveLimit;
  #ramp;
  #held = new Map();
  #taken = 0;
  #takenByLarge = 0;
  #waiting = [];

  constructor(adaptiveLimit = new AdaptiveLimit(), ramp = new Ramp()) {
    [this.#adaptiveLimit, this.#ramp] = [adaptiveLimit, ramp];
  }

  /** Do `work()`, which brings `bytes`, while `holder` ({isSmall}) holds a slot. Throws what it throws, or the signal's reason. */
  async hold(holder, signal, bytes, work) {
    const part = await this.#take(holder, signal);
    try {
      const result = await work();
      this.#adaptiveLimit.end(this.#isCrowded);
      if (part) this.#ramp.end(part, bytes);
      return result;
    } catch (error) {
      if (error.isOverload) this.#stumble(holder);
      throw error;
    } finally {
      if (part) this.#ramp.drop(part);
      this.#release(holder);
    }
  }

  /** `bytes` of what `holder` sends have left for the bucket. */
  move(bytes, holder) {
    if (bytes <= 0) return;
    this.#adaptiveLimit.move(bytes);
    if (!holder.isSmall) this.#ramp.move();
  }

  isHeldBy(holder) {
    return this.#held.has(holder);
  }

  /** Whether others wait although as many are under way as may be. */
  get #isCrowded() {
    return this.#waiting.length > 0 && this.#taken >= this.#adaptiveLimit.limit - 1;
  }

  get #mostLarge() {
    return Math.min(this.#adaptiveLimit.limit - 1, this.#ramp.limitAt());
  }

  #stumble(holder) {
    this.#adaptiveLimit.stumble();
    if (!holder.isSmall) this.#ramp.stumble();
  }

  #take(holder, signal) {
    return new Promise((resolve, reject) => {
      const request = { holder, grant: null };
      const timer = holder.isSmall ? null : setInterval(() => this.#grant(), LOOK_EVERY_MS);
      const abort = () => {
        clearInterval(timer);
        this.#waiting.splice(this.#waiting.indexOf(request), 1);
        reject(signal.reason);
      };
      request.grant = () => {
        clearInterval(timer);
        signal.removeEventListener("abort", abort);
        resolve(holder.isSmall ? null : this.#ramp.begin());
      };
      if (signal.aborted) {
        clearInterval(timer);
        throw signal.reason;
      }
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
    while (this.#taken < this.#adaptiveLimit.limit) {
      const next = this.#next();
      if (!next) break;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#held.set(next.holder, (this.#held.get(next.holder) ?? 0) + 1);
      this.#count(next.holder, 1);
      next.grant();
    }
    this.#ramp.settle();
  }

  /** Whose turn it is: of those that may, the first of those that hold fewest. */
  #next() {
    const isFullOfLarge = this.#takenByLarge >= this.#mostLarge;
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
