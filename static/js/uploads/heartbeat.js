// Tells the site, as long as files move, which these are: so no other browser takes them for unfinished.

const EVERY_MS = 30_000;
const SOON_MS = 1000;
// As many as the API takes; large ones, which take longest, come first.
const MOST = 1000;

export class Heartbeat {
  #queue;
  #records;
  #timer = null;

  /** `records`: see records.js. */
  constructor(queue, records) {
    [this.#queue, this.#records] = [queue, records];
    queue.addEventListener("change", () => (this.#timer ??= setTimeout(() => this.#beat(), SOON_MS)));
    queue.addEventListener("idle", () => this.#end());
    addEventListener("pagehide", () => this.#end());
  }

  async #beat() {
    await this.#say(this.#uploading());
    // It may have become idle meanwhile.
    if (this.#timer !== null) this.#timer = setTimeout(() => this.#beat(), EVERY_MS);
  }

  #end() {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#say([]);
  }

  /** What fails is said again in a while, and matters little: another browser would offer to go on with the file. */
  #say(ids) {
    return this.#records.noteSending(ids).catch(() => {});
  }

  #uploading() {
    const uploading = [...this.#queue.uploads].filter(
      ({ state, record }) => record && (state === "uploading" || state === "finishing"),
    );
    return uploading
      .sort((one, other) => other.size - one.size)
      .slice(0, MOST)
      .map(({ record }) => record.id);
  }
}
