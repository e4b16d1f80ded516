// The number of large parts that travel at once while the line is being learned. On a slow line they share it, so that
// many are half way and none has arrived when the page is closed: there one at a time brings as much, and loses less.

const STEPS = [1, 2, 4, Infinity];
// Bytes a second. Who sends so fast loses a few seconds at most, whatever is under way.
const FAST = 8_000_000;
// Twice as many must bring so much more, or the line was nearly full before.
const WORTHWHILE = 1.5;
// Until more are tried once again.
const REST_MS = 30_000;
// A connection that stands still so long should not keep all others waiting.
const QUIET_MS = 5000;
// The time that a smaller one takes says little of the line.
const TELLING = 2 * 1024 * 1024;

/**
 * A part on its way; `fewest`: how many travelled at the same time, at least.
 *
 * @typedef {{ phase: number, began: number, fewest: number }} Part
 */

/**
 * Learns from what has arrived alone: what has left may wait in buffers, of the system or of a proxy, that hold whole
 * parts. Times are as of performance.now().
 */
export class Ramp {
  // The index of its step in STEPS.
  #step = 0;
  // Counts the changes of the step: a part that began before one says nothing of it.
  #phase = 0;
  // In bytes a second, before the step that is tried now.
  #speedBefore = 0;
  #isTrying = false;
  // Until then nothing more is tried.
  #restsUntil = -Infinity;
  // The time at which bytes left for the last time.
  #movedAt = Infinity;
  /** @type {Set<Part>} */
  #running = new Set();

  /** Return how many may travel at once. */
  limitAt(now = performance.now()) {
    return STEPS[this.#step] + Number(now - this.#movedAt > QUIET_MS);
  }

  /** Begin a part. Return what `end()` or `drop()` takes. */
  begin(now = performance.now()) {
    const part = { phase: this.#phase, began: now, fewest: Infinity };
    this.#running.add(part);
    this.#movedAt = now;
    return part;
  }

  /** Note that bytes of one have left. */
  move(now = performance.now()) {
    this.#movedAt = now;
  }

  /** Note that all that may travel just now do. */
  settle() {
    for (const part of this.#running) part.fewest = Math.min(part.fewest, this.#running.size);
  }

  /**
   * Note that one of `bytes` has arrived.
   *
   * @param {Part} part
   * @param {number} bytes
   * @param {number} now
   */
  end(part, bytes, now = performance.now()) {
    this.drop(part);
    this.#movedAt = now;
    const isFull = part.fewest >= STEPS[this.#step];
    if (part.phase !== this.#phase || !isFull || bytes < TELLING || now < this.#restsUntil) return;
    this.#judge((part.fewest * bytes) / ((now - part.began) / 1000), now);
  }

  /**
   * Note that one has failed, or was stopped.
   *
   * @param {Part} part
   */
  drop(part) {
    this.#running.delete(part);
  }

  /** Take a step back: too much was asked. */
  stumble(now = performance.now()) {
    if (now >= this.#restsUntil) this.#stepBack(now);
  }

  /**
   * @param {number} speed
   * @param {number} now
   */
  #judge(speed, now) {
    if (speed >= FAST) {
      this.#go(STEPS.length - 1, false);
    } else if (this.#isTrying && speed < this.#speedBefore * WORTHWHILE) {
      this.#stepBack(now);
    } else {
      this.#speedBefore = speed;
      this.#go(this.#step + 1, true);
    }
  }

  /** @param {number} now */
  #stepBack(now) {
    this.#restsUntil = now + REST_MS;
    this.#go(Math.max(0, this.#step - 1), false);
  }

  /**
   * @param {number} step
   * @param {boolean} isTrying
   */
  #go(step, isTrying) {
    this.#step = step;
    this.#isTrying = isTrying;
    this.#phase += 1;
  }
}
