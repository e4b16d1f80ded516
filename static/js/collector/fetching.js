// The bytes of one file after another, from URLs that are asked for just before they are needed.

import { pause } from "./pausing.js";

const BATCH_FILES = 100; // as many as the site hands out at once
const BATCH_BYTES = 64 * 1024 * 1024;
const URL_LIFE = 240_000; // milliseconds; a URL is good for five minutes
const SMALL = 1024 * 1024;
const AHEAD = 8;
const CHUNK = 256 * 1024; // a buffer that is given back and taken again costs less than what the browser would choose
const TRIES = 6;

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

  /** The bytes of a file, piece by piece. Files are asked for in their order; small ones are fetched a few ahead. */
  async *bytes(index) {
    for (let next = index; next < Math.min(index + AHEAD, this.#files.length); next += 1) {
      if (this.#files[next].size > SMALL) break;
      if (this.#ahead.has(next)) continue;
      const whole = this.#whole(next);
      whole.catch(() => {}); // told when its turn comes
      this.#ahead.set(next, whole);
    }
    const whole = this.#ahead.get(index);
    this.#ahead.delete(index);
    if (whole) yield await whole;
    else yield* this.#chunks(index);
  }

  async #whole(index) {
    const bytes = new Uint8Array(this.#files[index].size);
    let offset = 0;
    for await (const chunk of this.#chunks(index)) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    return bytes;
  }

  /** Every byte of a file; what breaks is taken up again where it broke, of the same object (If-Match). */
  async *#chunks(index) {
    const file = this.#files[index];
    let offset = 0;
    for (let tries = 0; offset < file.size; ) {
      try {
        const answer = await fetch(await this.#url(index), {
          signal: this.#signal,
          cache: "no-store",
          credentials: "omit",
          headers: offset ? { Range: `bytes=${offset}-`, "If-Match": `"${file.etag}"` } : {},
        });
        if (answer.status !== (offset ? 206 : 200)) throw new Error(`The bucket answered ${answer.status}.`);
        const reader = answer.body.getReader({ mode: "byob" });
        for (;;) {
          const { done, value } = await reader.read(new Uint8Array(CHUNK));
          if (done) break;
          offset += value.length;
          if (offset > file.size) throw new FileFailed(file);
          tries = 0;
          yield value;
        }
        if (offset < file.size) throw new Error("The connection ended early.");
      } catch (error) {
        this.#signal.throwIfAborted();
        tries += 1;
        if (error instanceof FileFailed || tries >= TRIES) throw new FileFailed(file, error);
        this.#urls.delete(file.id);
        await pause(250 * 2 ** tries, this.#signal);
      }
    }
  }

  async #url(index) {
    const file = this.#files[index];
    for (let tries = 0; tries < 2; tries += 1) {
      const known = this.#urls.get(file.id);
      if (known && performance.now() < known.until) return known.url;
      this.#asking ??= this.#ask(index).finally(() => { this.#asking = null; });
      await this.#asking;
    }
    const known = this.#urls.get(file.id);
    if (!known) throw new Error("The link does not give this file any longer.");
    return known.url;
  }

  async #ask(index) {
    const batch = [];
    for (let next = index, bytes = 0; next < this.#files.length && batch.length < BATCH_FILES; next += 1) {
      bytes += this.#files[next].size;
      if (batch.length && bytes > BATCH_BYTES) break;
      batch.push(this.#files[next].id);
    }
    const body = new URLSearchParams([["receipt", this.#receipt], ...batch.map((id) => ["file", id])]);
    const answer = await fetch(this.#endpoint, { method: "POST", body, signal: this.#signal, cache: "no-store" });
    if (!answer.ok) throw new Error(`The site answered ${answer.status}.`);
    const until = performance.now() + URL_LIFE;
    for (const [id, url] of Object.entries((await answer.json()).urls)) this.#urls.set(id, { url, until });
  }
}
