// Finds out by trying how many requests at once bring the most bytes.

const FEWEST = 2;
const MOST = 12;
const FIRST = 6;
const SAMPLE_MS = 1500;
// One request more must bring so much more, or it is taken back.
const WORTHWHILE = 1.05;
// Samples before one more is tried again.
const REST = 8;
// Cost of a request beside its bytes, so that many small files count as work, too.
const COST_OF_REQUEST = 16 * 1024;

/** Additive increase while it pays, multiplicative decrease when the bucket or the network balks. */
export class AdaptiveLimit {
  limit = FIRST;
  // Bytes, and the cost of requests, of the sample that runs.
  #work = 0;
  // The time at which the sample began; null before the first.
  /** @type {number | null} */
  #since = null;
  // The speed before one request more was tried.
  #best = 0;
  // True while one request more is tried.
  #isTrying = false;
  // Samples to wait until the next try.
  #rest = 1;
  #stumbledAt = -Infinity;

  /**
   * Count bytes that have left.
   *
   * @param {number} bytes
   */
  move(bytes) {
    this.#work += bytes;
  }

  /**
   * Count a request that has ended well; `isCrowded`: others waited for its place. Times as of performance.now().
   *
   * @param {boolean} isCrowded
   * @param {number} now
   */
  end(isCrowded, now = performance.now()) {
    this.#work += COST_OF_REQUEST;
    this.#since ??= now;
    const passed = now - this.#since;
    if (passed < SAMPLE_MS) return;
    const speed = this.#work / passed;
    this.#startSample(now);
    // With places free, the speed says nothing of how many there should be.
    if (isCrowded) this.#judge(speed);
  }

  /**
   * Halve the limit: a request failed as it does when too much is asked. Several that fail together are one stumble.
   *
   * @param {number} now
   */
  stumble(now = performance.now()) {
    if (now - this.#stumbledAt < SAMPLE_MS) return;
    this.#stumbledAt = now;
    this.limit = Math.max(FEWEST, Math.floor(this.limit / 2));
    this.#startSample(now);
    this.#isTrying = false;
    this.#rest = REST;
  }

  /** @param {number} now */
  #startSample(now) {
    this.#work = 0;
    this.#since = now;
  }

  /** @param {number} speed */
  #judge(speed) {
    if (this.#isTrying && speed < this.#best * WORTHWHILE) {
      this.limit -= 1;
      this.#isTrying = false;
      this.#rest = REST;
      return;
    }
    if (!this.#isTrying) this.#rest -= 1;
    if (!this.#isTrying && this.#rest > 0) return;
    this.#best = speed;
    this.#isTrying = this.limit < MOST;
    if (this.#isTrying) this.limit += 1;
    else this.#rest = REST;
  }
}
