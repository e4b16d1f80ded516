// Sources of the bytes of an upload. A source gives parts, never the whole of a large file in memory.

import { mediaType } from "../lib/media-types.js";
import { gettext } from "../lib/translation.js";
import { ReadingError } from "./hasher.js";

/** @typedef {import("./hasher.js").Hasher} Hasher */

/**
 * The way to a file again: `root` is the handle of what was dropped, `steps` the names from there to the file.
 *
 * @typedef {{
 *   root: FileSystemHandle | Promise<FileSystemHandle | null> | null,
 *   steps: string[],
 * }} Reach
 */

// So much is kept between hashing and sending. To send it from memory costs a tenth of what a file of the disk does, of
// which the browser must ask the system each time.
const KEPT = 256 * 1024;
// A drive that has gone away may let a read stand for ever.
const TIMEOUT_MS = 30_000;

/**
 * The file gives its bytes no longer. Browsers name that differently, or as a failure of the network: so it is thrown
 * after trying to read, and never for the name of an error.
 */
export class SourceError extends Error {
  /**
   * @param {unknown} [cause]
   * @param {{ isMixed?: boolean }} options `isMixed`: what was read before and what is read now are two files
   */
  constructor(cause, { isMixed = false } = {}) {
    super(gettext("The file can't be read any more."), { cause });
    this.name = "SourceError";
    this.isMixed = isMixed;
  }
}

/** A file that a person picked. Each part is a slice of it: a Blob, which costs the tab no memory while it is sent. */
export class FileSource {
  #file;
  // Bytes of a small file, kept between hashing and sending.
  /** @type {ArrayBuffer | null} */
  #bytes = null;

  /**
   * Numbers of the parts whose digests the API knows to be this file's.
   *
   * @type {Set<number>}
   */
  recognized = new Set();

  /**
   * @param {File} file
   * @param {string} path the folder it lies in, relative, or ""
   * @param {Reach | null} reach
   */
  constructor(file, path = "", reach = null) {
    this.#file = file;
    this.reach = reach;
    this.name = file.name;
    this.path = path;
    this.type = mediaType(file.type);
    this.size = file.size;
    this.lastModified = file.lastModified;
  }

  /** Return the same file, of which nothing is known. */
  again() {
    return new FileSource(this.#file, this.path, this.reach);
  }

  /** Not a slice: that costs a look at the disk each time, and there may be ten thousand files. */
  whole() {
    return this.#file;
  }

  /**
   * Return the SHA-256 of the whole. A small file is kept in memory until `forget()`. Throws SourceError.
   *
   * @param {Hasher} hasher
   */
  async digest(hasher) {
    if (this.size > KEPT) return this.#read(this.#file, () => hasher.digest(this.#file));
    const { digest, bytes } = await this.#read(this.#file, () => hasher.read(this.#file));
    this.#bytes = bytes;
    return digest;
  }

  /**
   * Return the SHA-256 of part `number`. Throws SourceError.
   *
   * @param {number} number
   * @param {number} partSize
   * @param {Hasher} hasher
   */
  digestOf(number, partSize, hasher) {
    const part = this.part(number, partSize);
    return this.#read(part, () => hasher.digest(part));
  }

  /** All bytes of a small file, if they are kept, or null. */
  get bytes() {
    return this.#bytes;
  }

  forget() {
    this.#bytes = null;
  }

  /**
   * Return part `number`, counted from 1, of parts of `partSize` bytes; the last may be shorter.
   *
   * @param {number} number
   * @param {number} partSize
   */
  part(number, partSize) {
    const start = (number - 1) * partSize;
    // slice() drops the type, too, which would otherwise become a header that nobody signed.
    return this.#file.slice(start, Math.min(start + partSize, this.size));
  }

  /**
   * Read the ends of `part`, a slice of it or the whole: a file that was moved or cut off, or that the browser sees to
   * have changed, does not give them. Throws SourceError.
   *
   * @param {Blob} part
   */
  async requireReadable(part = this.#file) {
    if (this.#bytes || !part.size) return;
    await Promise.all([requireByte(part, 0), requireByte(part, part.size - 1)]);
  }

  /**
   * Return what `read()` gives of `part`; where it fails twice, it is the file that fails.
   *
   * @template Result
   * @param {Blob} part
   * @param {() => Promise<Result>} read
   */
  async #read(part, read) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ReadingError)) throw error;
    }
    await this.requireReadable(part);
    try {
      return await read();
    } catch (error) {
      throw error instanceof ReadingError ? new SourceError(error) : error;
    }
  }
}

/**
 * @param {Blob} blob
 * @param {number} at
 */
async function requireByte(blob, at) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new SourceError()), TIMEOUT_MS);
  });
  try {
    const { byteLength } = await Promise.race([blob.slice(at, at + 1).arrayBuffer(), late]);
    if (byteLength !== 1) throw new SourceError();
  } catch (error) {
    throw new SourceError(error);
  } finally {
    clearTimeout(timer);
  }
}
