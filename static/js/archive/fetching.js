// The bytes of one file after another, from URLs that are asked for just before they are needed.

import { within } from "../lib/limit.js";
import { sleep } from "../lib/retry.js";
import { FileFailed, FileMissing, LinkClosed } from "./errors.js";
import { PresignedUrls, REFUSED } from "./presigned-urls.js";

/** @typedef {import("./packer.js").ArchiveFile} ArchiveFile */

/**
 * The bucket's answer, and what stops it.
 *
 * @typedef {{ answer: Response, stop: AbortController }} Answered
 */

const SMALL = 1024 * 1024;
const AHEAD_FILES = 8;
const AHEAD_BYTES = 32 * 1024 * 1024;
const AHEAD_OPEN = 4; // a browser has six connections to a bucket, and an answer that waits keeps its own
const CHUNK = 256 * 1024; // what is read, summed and copied stays in a core's own memory
const TRIES = 6;
const STALLED_AFTER = 60_000; // milliseconds in which nothing comes; then it is asked for again
const REFUSALS = 2; // the second of a fresh URL

export class Fetching {
  #files;
  #signal;
  #urls;
  // Fetches that were begun ahead, by the file's place: bytes of small files, answers with those of large ones.
  /** @type {Map<number, Promise<Uint8Array>>} */
  #smallAhead = new Map();
  /** @type {Map<number, Promise<Answered>>} */
  #largeAhead = new Map();

  /**
   * @param {{ files: ArchiveFile[], endpoint: string, receipt: string }} collection
   * @param {AbortSignal} signal
   */
  constructor(collection, signal) {
    this.#files = collection.files;
    this.#signal = signal;
    this.#urls = new PresignedUrls(collection, (address, options) => this.#answerOf(address, options));
  }

  /**
   * Yield the bytes of a file, piece by piece, each of which is good until the next is asked for. Files are asked for
   * in their order; the bucket is asked for the next ones meanwhile. Throws FileMissing before the first piece or not
   * at all; FileFailed; LinkClosed.
   *
   * @param {number} index
   * @returns {AsyncGenerator<Uint8Array, void, undefined>}
   */
  async *bytes(index) {
    if (this.#isSmall(index)) {
      const begun = this.#smallAhead.get(index) ?? this.#beginSmall(index);
      this.#smallAhead.delete(index);
      this.#lookAhead(index, 0);
      yield await begun;
    } else {
      const begun = this.#largeAhead.get(index) ?? this.#beginLarge(index);
      this.#largeAhead.delete(index);
      this.#lookAhead(index, 0);
      yield* this.#chunks(index, begun);
    }
  }

  /** @param {number} index */
  #isSmall(index) {
    return this.#files[index].size <= SMALL;
  }

  /** @param {number} index */
  #beginSmall(index) {
    const begun = this.#whole(index);
    begun.catch(() => {}); // told when its turn comes
    return begun;
  }

  /** @param {number} index */
  #beginLarge(index) {
    const begun = this.#fetch(index);
    begun.catch(() => {}); // told when its turn comes
    return begun;
  }

  /**
   * Begin with what comes soon after this place in a file.
   *
   * @param {number} index
   * @param {number} offset
   */
  #lookAhead(index, offset) {
    const end = Math.min(index + AHEAD_FILES, this.#files.length);
    let distance = this.#files[index].size - offset;
    for (let next = index + 1, open = 0; next < end && distance < AHEAD_BYTES && open < AHEAD_OPEN; next += 1) {
      if (!this.#isSmall(next)) open += 1;
      this.#beginAhead(next);
      distance += this.#files[next].size;
    }
  }

  /** @param {number} index */
  #beginAhead(index) {
    if (this.#isSmall(index)) {
      if (!this.#smallAhead.has(index)) this.#smallAhead.set(index, this.#beginSmall(index));
    } else if (!this.#largeAhead.has(index)) this.#largeAhead.set(index, this.#beginLarge(index));
  }

  /**
   * Return all bytes of a small file.
   *
   * @param {number} index
   */
  async #whole(index) {
    const file = this.#files[index];
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#all(await this.#fetch(index), file.size);
      } catch (error) {
        await this.#waitToRetry(error, file, tries);
      }
    }
  }

  /**
   * @param {Answered} answered
   * @param {number} size
   */
  async #all({ answer, stop }, size) {
    const bytes = new Uint8Array(size);
    if (!answer.body) {
      if (size) throw new Error("The answer is empty.");
      return bytes;
    }
    const reader = answer.body.getReader();
    for (let length = 0; ; ) {
      const { done, value } = await this.#read(() => reader.read(), stop);
      if (done && length < size) throw new Error("The connection ended early.");
      if (done) return bytes;
      if (length + value.length > size) throw new FileMissing();
      bytes.set(value, length);
      length += value.length;
    }
  }

  /**
   * Yield the bytes of a large file. What breaks is taken up again where it broke, of the same object (If-Match).
   *
   * @param {number} index
   * @param {Promise<Answered>} begun
   * @returns {AsyncGenerator<Uint8Array, void, undefined>}
   */
  async *#chunks(index, begun) {
    const file = this.#files[index];
    /** @type {Promise<Answered> | null} */
    let first = begun;
    let buffer = new ArrayBuffer(CHUNK);
    let offset = 0;
    for (let tries = 0; offset < file.size; ) {
      const asked = first ?? this.#fetch(index, offset);
      first = null;
      try {
        const { answer, stop } = await asked;
        const read = readInto(answer);
        for (;;) {
          const { done, value } = await this.#read(() => read(buffer), stop);
          buffer = value?.buffer ?? new ArrayBuffer(CHUNK);
          if (done) break;
          if (offset + value.length > file.size) throw new FileFailed(file);
          offset += value.length;
          tries = 0;
          yield value;
          this.#lookAhead(index, offset);
        }
        if (offset < file.size) throw new Error("The connection ended early.");
      } catch (error) {
        if (error instanceof FileMissing && offset) throw new FileFailed(file, error);
        tries += 1;
        await this.#waitToRetry(error, file, tries);
        buffer = new ArrayBuffer(CHUNK);
      }
    }
  }

  /**
   * Return what `read()` gives. What stands still is stopped, so that it can be tried again.
   *
   * @template Result
   * @param {() => Promise<Result>} read
   * @param {AbortController} stop
   */
  async #read(read, stop) {
    try {
      return await within(STALLED_AFTER, read());
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  }

  /**
   * Return the bucket's answer, and what stops it. Throws FileMissing when it refuses a URL that is fresh.
   *
   * @param {number} index
   * @param {number} offset
   * @returns {Promise<Answered>}
   */
  async #fetch(index, offset = 0) {
    const file = this.#files[index];
    /** @type {RequestInit} */
    const options = {
      cache: "no-store",
      credentials: "omit",
      headers: offset ? { Range: `bytes=${offset}-`, "If-Match": `"${file.etag}"` } : {},
    };
    for (let refusals = 1; ; refusals += 1) {
      const { answer, stop } = await this.#answerOf(await this.#urls.at(index), options);
      if (answer.status === (offset ? 206 : 200)) return { answer, stop };
      if (!REFUSED.has(answer.status)) throw new Error(`The bucket answered ${answer.status}.`);
      if (refusals === REFUSALS) throw new FileMissing();
      this.#urls.forget(file);
    }
  }

  /**
   * @param {string} address
   * @param {RequestInit} options
   * @returns {Promise<Answered>}
   */
  async #answerOf(address, options) {
    this.#signal.throwIfAborted();
    const stop = new AbortController();
    this.#signal.addEventListener("abort", () => stop.abort(this.#signal.reason), { once: true });
    try {
      return { answer: await within(STALLED_AFTER, fetch(address, { ...options, signal: stop.signal })), stop };
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  }

  /**
   * Wait, so that it can be tried again after `tries` failures. Throws what cannot be helped.
   *
   * @param {unknown} error
   * @param {ArchiveFile} file
   * @param {number} tries
   */
  async #waitToRetry(error, file, tries) {
    this.#signal.throwIfAborted();
    if ([FileMissing, FileFailed, LinkClosed].some((kind) => error instanceof kind)) throw error;
    if (tries >= TRIES) throw new FileFailed(file, error);
    this.#urls.forget(file);
    await sleep(250 * 2 ** tries, this.#signal);
  }
}

/**
 * Return a function that reads what comes next into the buffer it is given, one and the same: new ones take longer to
 * get than to fill. Not every browser can; then what it gives has a buffer of its own.
 *
 * @param {Response} answer
 * @returns {(buffer: ArrayBuffer) => Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>}
 */
function readInto({ body }) {
  if (!body) throw new Error("The answer is empty.");
  try {
    const reader = body.getReader({ mode: "byob" });
    return (buffer) => reader.read(new Uint8Array(buffer));
  } catch {
    const reader = body.getReader();
    return () => reader.read();
  }
}
