// Where the bytes of an upload come from. A source gives parts, never the whole of a large file in memory.

import { mediaType } from "../lib/media-types.js";

// So much is kept between hashing and sending. To send it from memory costs a tenth of what a file of the disk does, of
// which the browser must ask the system each time.
const KEPT = 256 * 1024;
// A drive that has gone away may let a read stand for ever.
const PATIENCE_MS = 30_000;

/**
 * The file gives its bytes no longer. Browsers name that differently, or as a failure of the network: so it is thrown
 * after trying to read, and never for the name of an error.
 */
export class SourceError extends Error {
  /** `isMixed`: what was read before and what is read now are two files. */
  constructor(cause, { isMixed = false } = {}) {
    super("The file cannot be read any more.", { cause });
    this.name = "SourceError";
    this.isMixed = isMixed;
  }
}

/** A file that a person picked. Each part is a slice of it: a Blob, which costs the tab no memory while it is sent. */
export class FileSource {
  #file;
  #bytes = null;

  /** Numbers of the parts whose digests the API knows to be this file's. */
  recognized = new Set();

  /** `path` is the folder it lies in, relative, or ""; `reach`: how to get at it again, see handle-store.js, or null. */
  constructor(file, path = "", reach = null) {
    this.#file = file;
    this.reach = reach;
    this.name = file.name;
    this.path = path;
    this.type = mediaType(file.type);
    this.size = file.size;
    this.lastModified = file.lastModified;
  }

  /** The same file, of which nothing is known. */
  again() {
    return new FileSource(this.#file, this.path, this.reach);
  }

  /** Not a slice: that costs a look at the disk each time, and there may be ten thousand files. */
  whole() {
    return this.#file;
  }

  /** The SHA-256 of the whole, by this Hasher. A small file is kept in memory until `forget()`. Throws SourceError. */
  async digest(hasher) {
    if (this.size > KEPT) return this.#read(this.#file, () => hasher.digest(this.#file));
    const { digest, bytes } = await this.#read(this.#file, () => hasher.read(this.#file));
    this.#bytes = bytes;
    return digest;
  }

  /** The SHA-256 of part `number`. Throws SourceError. */
  digestOf(number, partSize, hasher) {
    const part = this.part(number, partSize);
    return this.#read(part, () => hasher.digest(part));
  }

  /** What is kept of it, an ArrayBuffer of the whole file, or null. */
  get bytes() {
    return this.#bytes;
  }

  forget() {
    this.#bytes = null;
  }

  /** Part `number`, counted from 1, of parts of `partSize` bytes; the last may be shorter. */
  part(number, partSize) {
    const start = (number - 1) * partSize;
    // slice() drops the type, too, which would otherwise become a header that nobody signed.
    return this.#file.slice(start, Math.min(start + partSize, this.size));
  }

  /**
   * Read the ends of `part`, a slice of it or the whole: a file that was moved or cut off, or that the browser sees to
   * have changed, does not give them. Throws SourceError.
   */
  async requireReadable(part = this.#file) {
    if (this.#bytes || !part.size) return;
    await Promise.all([requireByte(part, 0), requireByte(part, part.size - 1)]);
  }

  /** What `read()` gives of `part`; where it fails twice, it is the file that fails. */
  async #read(part, read) {
    try {
      return await read();
    } catch (error) {
      if (!error.isOfReading) throw error;
    }
    await this.requireReadable(part);
    try {
      return await read();
    } catch (error) {
      throw error.isOfReading ? new SourceError(error) : error;
    }
  }
}

async function requireByte(blob, at) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new SourceError()), PATIENCE_MS);
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
