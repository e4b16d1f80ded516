// Many small questions, asked in few requests.

/**
 * Gathers what is asked until `most` wait, or `delay` milliseconds have passed; right after an answer it takes its
 * time, `pause` milliseconds, since more is likely to come. While `atOnce` requests are under way, it gathers on until
 * one of them is answered.
 *
 * @template Item
 * @template Result
 */
export class Batcher {
  #send;
  #most;
  #delay;
  #pause;
  #atOnce;
  // Items that no request has taken yet.
  /** @type {{ item: Item, resolve: (result: Result) => void, reject: (reason: unknown) => void }[]} */
  #waiting = [];
  // Requests that are not answered yet.
  #underWay = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * `send(items)` promises as many results in the same order; a result that is an Error is thrown to who asked.
   *
   * @param {(items: Item[]) => Promise<(Result | Error)[]>} send
   * @param {{ most?: number, delay?: number, pause?: number, atOnce?: number }} options
   */
  constructor(send, { most = 100, delay = 25, pause = 400, atOnce = 2 } = {}) {
    this.#send = send;
    this.#most = most;
    this.#delay = delay;
    this.#pause = pause;
    this.#atOnce = atOnce;
  }

  /**
   * Promise the result for this item. Throws what its result is, or what `send` threw.
   *
   * @param {Item} item
   * @returns {Promise<Result>}
   */
  ask(item) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#consider(this.#delay);
    });
  }

  /** @param {number} delay */
  #consider(delay) {
    if (!this.#waiting.length || this.#underWay >= this.#atOnce) return;
    if (this.#waiting.length >= this.#most) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), delay);
  }

  async #flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting.splice(0, this.#most);
    this.#underWay += 1;
    try {
      const results = await this.#send(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result instanceof Error) reject(result);
        else resolve(result);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.#underWay -= 1;
    this.#consider(this.#pause);
  }
}
