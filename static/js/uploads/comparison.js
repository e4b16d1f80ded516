// Tells if a file is the one that arrived before: by its bytes, not by its name and date.

/** @typedef {import("./source.js").FileSource} FileSource */
/** @typedef {import("./upload.js").TransferTools} TransferTools */

// As many as are hashed at once.
const AT_ONCE = 2;

export class Comparison {
  #record;
  #source;
  #tools;
  // Of the parts that are still to be compared, counted from 1.
  /** @type {number[]} */
  #numbers;

  /** Bytes that are the same, so far. */
  compared = 0;

  /**
   * @param {schema.UploadOut} record an upload that is complete, with its `digests`
   * @param {FileSource} source
   * @param {TransferTools} tools
   */
  constructor(record, source, tools) {
    this.#record = record;
    this.#source = source;
    this.#tools = tools;
    // Ends first: a file that grew or was written anew differs there.
    const [first, ...others] = record.digests.keys();
    this.#numbers = [first, ...others.splice(-1), ...others].map((index) => index + 1);
  }

  /** Read all of the file, or up to the first part that differs. Throws SourceError, or the signal's reason. */
  async isSame() {
    const results = await Promise.all(Array.from({ length: AT_ONCE }, () => this.#compareNext()));
    return results.every(Boolean);
  }

  async #compareNext() {
    for (let number = this.#numbers.shift(); number !== undefined; number = this.#numbers.shift()) {
      if ((await this.#digest(number)) !== this.#record.digests[number - 1]) {
        this.#numbers = [];
        return false;
      }
      this.compared += this.#sizeOf(number);
      this.#tools.onprogress();
    }
    return true;
  }

  /** @param {number} number */
  async #digest(number) {
    const { call, hasher, signal } = this.#tools;
    signal.throwIfAborted();
    if (this.#record.method === "form") return call(() => this.#source.digest(hasher));
    return call(() => this.#source.digestOf(number, this.#record.part_size, hasher));
  }

  /** @param {number} number */
  #sizeOf(number) {
    return this.#record.method === "form" ? this.#source.size : this.#source.part(number, this.#record.part_size).size;
  }
}
