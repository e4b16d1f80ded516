// Tells the site, as long as files move, which these are: so no other browser takes them for unfinished.

const EVERY_MS = 30_000;
const SOON_MS = 1000;
// As many as the API takes; large ones, which take longest, come first.
const MOST = 1000;

/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./records.js").Records} Records */

export class Heartbeat {
  #queue;
  #records;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Queue} queue
   * @param {Records} records
   */
  constructor(queue, records) {
    this.#queue = queue;
    this.#records = records;
    queue.on("change", () => this.#start());
    queue.on("idle", () => this.#end());
    addEventListener("pagehide", () => this.#end());
  }

  #start() {
    this.#timer ??= setTimeout(() => this.#beat(), SOON_MS);
  }

  async #beat() {
    await this.#say(this.#uploading());
    // It may have become idle meanwhile.
    if (this.#timer !== undefined) this.#timer = setTimeout(() => this.#beat(), EVERY_MS);
  }

  #end() {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#say([]);
  }

  /**
   * Tell the site. A failure matters little: it is told again in a while, and until then another browser may offer to
   * go on with the file.
   *
   * @param {string[]} ids
   */
  #say(ids) {
    return this.#records.noteSending(ids).catch(() => {});
  }

  /** Return the ids of the uploads that are on their way, large ones first. */
  #uploading() {
    return [...this.#queue.uploads]
      .filter(({ state }) => state === "uploading" || state === "finishing")
      .sort((one, other) => other.size - one.size)
      .flatMap(({ record }) => (record ? [record.id] : []))
      .slice(0, MOST);
  }
}
