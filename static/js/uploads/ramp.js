// How many large parts travel at once while the line is being learned. On a slow line they share it, so that many are half
// way and none has arrived when the page is closed: there one at a time brings as much, and loses less.

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
 * Learns from what has arrived alone: what has left may wait in buffers, of the system or of a proxy, that hold whole
 * parts. Times are as of performance.now().
 */
export class Ramp {
  #step = 0;
  #phase = 0;
  #speedBefore = 0;
  #isTrying = false;
  #restsUntil = -Infinity;
  #movedAt = Infinity;
  #running = new Set();

  /** How many may travel at once. */
  limitAt(now = performance.now()) {
    return STEPS[this.#step] + Number(now - this.#movedAt > QUIET_MS);
  }

  /** One begins. Gives what `end()` or `drop()` takes. */
  begin(now = performance.now()) {
    const part = { phase: this.#phase, began: now, fewest: Infinity };
    this.#running.add(part);
    this.#movedAt = now;
    return part;
  }

  /** Bytes of one have left. */
  move(now = performance.now()) {
    this.#movedAt = now;
  }

  /** All that may travel just now do. */
  settle() {
    for (const part of this.#running) part.fewest = Math.min(part.fewest, this.#running.size);
  }

  /** One of `bytes` has arrived. */
  end(part, bytes, now = performance.now()) {
    this.drop(part);
    this.#movedAt = now;
    const isFull = part.fewest >= STEPS[this.#step];
    if (part.phase !== this.#phase || !isFull || bytes < TELLING || now < this.#restsUntil) return;
    this.#judge((part.fewest * bytes) / ((now - part.began) / 1000), now);
  }

  /** One has failed, or was stopped. */
  drop(part) {
    this.#running.delete(part);
  }

  /** Too much was asked. */
  stumble(now = performance.now()) {
    if (now >= this.#restsUntil) this.#stepBack(now);
  }

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

  #stepBack(now) {
    this.#restsUntil = now + REST_MS;
    this.#go(Math.max(0, this.#step - 1), false);
  }

  #go(step, isTrying) {
    [this.#step, this.#isTrying] = [step, isTrying];
    this.#phase += 1;
  }
}
