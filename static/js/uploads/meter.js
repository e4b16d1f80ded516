// Speed and time left that do not jump about.

// Seconds after which a change of speed has counted for two thirds.
const SMOOTHING = 4;
const SHORTEST_SAMPLE = 0.2;
// Seconds without a byte after which a speed is only a memory. Browsers tell of progress more often, however slow.
const STANDSTILL = 15;

export class Meter {
  // Smoothed, but too low in the first seconds.
  #speed = 0;
  // The share of the speed that is known, from 0 to 1.
  #weight = 0;
  // In all, when it was last told; null before that.
  /** @type {number | null} */
  #bytes = null;
  #time = 0;
  // The time at which bytes were last seen to have moved.
  #movedAt = 0;

  /**
   * Take note that `bytes` in all have moved by `time` (milliseconds, as of performance.now()).
   *
   * @param {number} bytes
   * @param {number} time
   */
  note(bytes, time) {
    if (this.#bytes === null) {
      this.#bytes = bytes;
      this.#time = time;
      this.#movedAt = time;
      return;
    }
    const seconds = (time - this.#time) / 1000;
    if (seconds < SHORTEST_SAMPLE) return;
    // A part that failed takes its bytes back; that is no negative speed.
    const moved = Math.max(0, bytes - this.#bytes);
    if (moved) this.#movedAt = time;
    const keep = Math.exp(-seconds / SMOOTHING);
    this.#speed = keep * this.#speed + (1 - keep) * (moved / seconds);
    this.#weight = keep * this.#weight + (1 - keep);
    this.#bytes = bytes;
    this.#time = time;
  }

  /** Return bytes a second, smoothed. The weight makes the first seconds right, which start from nothing. */
  get speed() {
    return this.#weight ? this.#speed / this.#weight : 0;
  }

  /**
   * Return the seconds that `bytes` more will take, or null while nobody can say.
   *
   * @param {number} bytes
   */
  secondsFor(bytes) {
    const isStanding = this.#time - this.#movedAt > STANDSTILL * 1000;
    return this.speed >= 1 && !isStanding ? bytes / this.speed : null;
  }
}
