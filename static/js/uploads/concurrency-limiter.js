// Limits the requests that are under way to the bucket at once, over all files.

import { AdaptiveLimit } from "./adaptive-limit.js";
import { Ramp } from "./ramp.js";
import { BucketError } from "./transport.js";

/**
 * A holder of slots: an upload.
 *
 * @typedef {{ isSmall: boolean }} Holder
 */

/** @typedef {{ holder: Holder, grant: () => void }} Request */

// The interval at which those that wait look whether the ones before them stand still.
const LOOK_EVERY_MS = 5000;

/**
 * One cap, shared fairly: a free slot goes to the upload that holds fewest. Large files leave one slot free, so that a
 * small one never waits for a part of many megabytes to end, and take few until the line is known to be worth more.
 */
export class ConcurrencyLimiter {
  // The number of requests that there may be.
  #adaptiveLimit;
  // The number of them that may be parts of large files, while the line is being learned.
  #ramp;
  // The number of slots that each holds.
  /** @type {Map<Holder, number>} */
  #held = new Map();
  #taken = 0;
  #takenByLarge = 0;
  /** @type {Request[]} */
  #waiting = [];

  constructor(adaptiveLimit = new AdaptiveLimit(), ramp = new Ramp()) {
    this.#adaptiveLimit = adaptiveLimit;
    this.#ramp = ramp;
  }

  /**
   * Do `work()`, which brings `bytes`, while `holder` holds a slot. Throws what it throws, or the signal's reason.
   *
   * @template Result
   * @param {Holder} holder
   * @param {AbortSignal} signal
   * @param {number} bytes
   * @param {() => Promise<Result>} work
   * @returns {Promise<Result>}
   */
  async hold(holder, signal, bytes, work) {
    const part = await this.#acquire(holder, signal);
    try {
      const result = await work();
      this.#adaptiveLimit.end(this.#isCrowded);
      if (part) this.#ramp.end(part, bytes);
      return result;
    } catch (error) {
      if (error instanceof BucketError && error.isOverload) this.#stumble(holder);
      throw error;
    } finally {
      if (part) this.#ramp.drop(part);
      this.#release(holder);
    }
  }

  /**
   * Count `bytes` of what `holder` sends that have left for the bucket.
   *
   * @param {number} bytes
   * @param {Holder} holder
   */
  move(bytes, holder) {
    if (bytes <= 0) return;
    this.#adaptiveLimit.move(bytes);
    if (!holder.isSmall) this.#ramp.move();
  }

  /** @param {Holder} holder */
  isHeldBy(holder) {
    return this.#held.has(holder);
  }

  /** True if others wait although as many are under way as may be. */
  get #isCrowded() {
    return this.#waiting.length > 0 && this.#taken >= this.#adaptiveLimit.limit - 1;
  }

  get #mostLarge() {
    return Math.min(this.#adaptiveLimit.limit - 1, this.#ramp.limitAt());
  }

  /** @param {Holder} holder */
  #stumble(holder) {
    this.#adaptiveLimit.stumble();
    if (!holder.isSmall) this.#ramp.stumble();
  }

  /**
   * Wait for a slot: return what the ramp knows it by, or null for a small file.
   *
   * @param {Holder} holder
   * @param {AbortSignal} signal
   * @returns {Promise<import("./ramp.js").Part | null>}
   */
  #acquire(holder, signal) {
    return new Promise((resolve, reject) => {
      const timer = holder.isSmall ? undefined : setInterval(() => this.#grant(), LOOK_EVERY_MS);
      /** @type {Request} */
      const request = {
        holder,
        grant: () => {
          clearInterval(timer);
          signal.removeEventListener("abort", abort);
          resolve(holder.isSmall ? null : this.#ramp.begin());
        },
      };
      const abort = () => {
        clearInterval(timer);
        this.#waiting.splice(this.#waiting.indexOf(request), 1);
        reject(signal.reason);
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

  /** @param {Holder} holder */
  #release(holder) {
    const left = (this.#held.get(holder) ?? 0) - 1;
    if (left > 0) this.#held.set(holder, left);
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

  /** Return whose turn it is: of those that may, the first of those that hold fewest. */
  #next() {
    const isFullOfLarge = this.#takenByLarge >= this.#mostLarge;
    /** @type {Request | null} */
    let next = null;
    let fewest = Infinity;
    for (const request of this.#waiting) {
      const held = this.#held.get(request.holder) ?? 0;
      if (held >= fewest || (isFullOfLarge && !request.holder.isSmall)) continue;
      next = request;
      fewest = held;
      if (!held) break;
    }
    return next;
  }

  /**
   * @param {Holder} holder
   * @param {number} change
   */
  #count(holder, change) {
    this.#taken += change;
    if (!holder.isSmall) this.#takenByLarge += change;
  }
}
