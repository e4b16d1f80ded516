// The bytes of one file after another, from URLs that are asked for just before they are needed.

import { within } from "../lib/limit.js";
import { pause } from "./pausing.js";

const BATCH_FILES = 100; // as many as the site hands out at once
const BATCH_BYTES = 64 * 1024 * 1024;
const URL_LIFE = 240_000; // milliseconds; it would live longer, and asking again shows what was taken back meanwhile
const SMALL = 1024 * 1024;
const AHEAD_FILES = 8;
const AHEAD_BYTES = 32 * 1024 * 1024;
const AHEAD_OPEN = 4; // a browser has six connections to a bucket, and an answer that waits keeps its own
const CHUNK = 256 * 1024; // what is read, summed and copied stays in a core's own memory
const TRIES = 6;
const STALLED_AFTER = 60_000; // milliseconds in which nothing comes; then it is asked for again
const REFUSED = new Set([400, 403, 404, 410, 412, 416]);
const REFUSALS = 2; // the second of a fresh URL

/** Not to be had, however often it is tried: the others may be. */
export class FileMissing extends Error {}

/** The link gives nothing any longer. */
export class LinkClosed extends Error {}

/** What came of it is not enough, and no more comes. */
export class FileFailed extends Error {
  constructor(file, cause) {
    super(file.path, { cause });
    this.file = file;
  }
}

export class Fetching {
  #files;
  #endpoint;
  #receipt;
  #signal;
  #urls = new Map();
  #asking = null;
  #ahead = new Map();

  constructor({ files, endpoint, receipt }, signal) {
    this.#files = files;
    this.#endpoint = endpoint;
    this.#receipt = receipt;
    this.#signal = signal;
  }

  /**
   * The bytes of a file, piece by piece, each of which is good until the next is asked for. Files are asked for in their order;
   * the bucket is asked for the next ones meanwhile. Throws FileMissing before the first piece or not at all; FileFailed; LinkClosed.
   */
  async *bytes(index) {
    const begun = this.#taken(index);
    this.#lookAhead(index, 0);
    if (this.#isSmall(index)) yield await begun;
    else yield* this.#chunks(index, begun);
  }

  #isSmall(index) {
    return this.#files[index].size <= SMALL;
  }

  #taken(index) {
    const begun = this.#ahead.get(index) ?? this.#begun(index);
    this.#ahead.delete(index);
    return begun;
  }

  /** The bytes of a small file, or the answer with those of a large one, as a promise. */
  #begun(index) {
    const begun = this.#isSmall(index) ? this.#whole(index) : this.#fetch(index);
    begun.catch(() => {}); // told when its turn comes
    return begun;
  }

  /** Begin with what comes soon after this place in a file. */
  #lookAhead(index, offset) {
    const end = Math.min(index + AHEAD_FILES, this.#files.length);
    let distance = this.#files[index].size - offset;
    for (let next = index + 1, open = 0; next < end && distance < AHEAD_BYTES && open < AHEAD_OPEN; next += 1) {
      if (!this.#ahead.has(next)) this.#ahead.set(next, this.#begun(next));
      if (!this.#isSmall(next)) open += 1;
      distance += this.#files[next].size;
    }
  }

  async #whole(index) {
    const file = this.#files[index];
    for (let tries = 0; ; ) {
      try {
        return await this.#all(await this.#fetch(index), file.size);
      } catch (error) {
        tries += 1;
        await this.#bear(error, file, tries);
      }
    }
  }

  async #all({ answer, stop }, size) {
    const bytes = new Uint8Array(size);
    const reader = answer.body?.getReader();
    if (!reader && !size) return bytes;
    for (let length = 0; ; ) {
      const { done, value } = await this.#read(reader, stop);
      if (done && length < size) throw new Error("The connection ended early.");
      if (done) return bytes;
      if (length + value.length > size) throw new FileMissing();
      bytes.set(value, length);
      length += value.length;
    }
  }

  /** What breaks is taken up again where it broke, of the same object (If-Match). */
  async *#chunks(index, begun) {
    const file = this.#files[index];
    let buffer = new ArrayBuffer(CHUNK);
    let offset = 0;
    for (let tries = 0; offset < file.size; ) {
      const asked = begun ?? this.#fetch(index, offset);
      begun = null;
      try {
        const { answer, stop } = await asked;
        const reader = readerOf(answer.body);
        for (;;) {
          const { done, value } = await this.#read(reader, stop, new Uint8Array(buffer));
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
        await this.#bear(error, file, tries);
        buffer = new ArrayBuffer(CHUNK);
      }
    }
  }

  /** What a reader has next. What stands still is stopped, so that it can be tried again. */
  async #read(reader, stop, ...buffers) {
    try {
      return await within(STALLED_AFTER, reader.read(...buffers));
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  }

  /** The bucket's answer, and what stops it. Throws FileMissing when it refuses a URL that is fresh. */
  async #fetch(index, offset = 0) {
    const file = this.#files[index];
    const options = {
      cache: "no-store",
      credentials: "omit",
      headers: offset ? { Range: `bytes=${offset}-`, "If-Match": `"${file.etag}"` } : {},
    };
    for (let refusals = 1; ; refusals += 1) {
      const { answer, stop } = await this.#answerOf(await this.#url(index), options);
      if (answer.status === (offset ? 206 : 200)) return { answer, stop };
      if (!REFUSED.has(answer.status)) throw new Error(`The bucket answered ${answer.status}.`);
      if (refusals === REFUSALS) throw new FileMissing();
      this.#urls.delete(file.id);
    }
  }

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

  /** Wait, so that it can be tried again. Throws what cannot be helped. */
  async #bear(error, file, tries) {
    this.#signal.throwIfAborted();
    if ([FileMissing, FileFailed, LinkClosed].some((kind) => error instanceof kind)) throw error;
    if (tries >= TRIES) throw new FileFailed(file, error);
    this.#urls.delete(file.id);
    await pause(250 * 2 ** tries, this.#signal);
  }

  async #url(index) {
    const file = this.#files[index];
    for (let wasAsked = false; ; ) {
      const known = this.#urls.get(file.id);
      if (known && performance.now() < known.until) return known.url;
      if (wasAsked) throw new FileMissing(); // the link does not give it any longer
      wasAsked = !this.#asking; // else what is under way may be for others
      this.#asking ??= this.#ask(index).finally(() => {
        this.#asking = null;
      });
      await this.#asking;
    }
  }

  async #ask(index) {
    const batch = [];
    for (let next = index, bytes = 0; next < this.#files.length && batch.length < BATCH_FILES; next += 1) {
      bytes += this.#files[next].size;
      if (batch.length && bytes > BATCH_BYTES) break;
      batch.push(this.#files[next].id);
    }
    const body = new URLSearchParams([["receipt", this.#receipt], ...batch.map((id) => ["file", id])]);
    const { answer } = await this.#answerOf(this.#endpoint, { method: "POST", body, cache: "no-store" });
    if (REFUSED.has(answer.status)) throw new LinkClosed();
    if (!answer.ok) throw new Error(`The site answered ${answer.status}.`);
    const until = performance.now() + URL_LIFE;
    for (const [id, url] of Object.entries((await answer.json()).urls)) this.#urls.set(id, { url, until });
  }
}

/** Fills the buffers it is given, one and the same: new ones take longer to get than to fill. Not every browser can. */
function readerOf(body) {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return body.getReader(); // has buffers of its own
  }
}
