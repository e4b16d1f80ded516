// Where the bytes of an upload come from. A source gives parts, never the whole of a large file in memory.

// So much is kept between hashing and sending. To send it from memory costs a tenth of what a file of the disk does, of
// which the browser must ask the system each time.
const KEPT = 256 * 1024;

/** A file that a person picked. Each part is a slice of it: a Blob, which costs the tab no memory while it is sent. */
export class FileSource {
  #file;
  #bytes = null;

  /** Numbers of the parts whose digests the API knows to be this file's. */
  recognized = new Set();

  /** `path` is the folder it lies in, relative, or ""; `reach`: how to get at it again, see keeper.js, or null. */
  constructor(file, path = "", reach = null) {
    this.#file = file;
    this.reach = reach;
    this.name = file.name;
    this.path = path;
    this.type = file.type;
    this.size = file.size;
    this.lastModified = file.lastModified;
  }

  /** Not a slice: that costs a look at the disk each time, and there may be ten thousand files. */
  whole() {
    return this.#file;
  }

  /** The SHA-256 of the whole, by this Hasher. A small file is kept in memory until `forget()`. */
  async digest(hasher) {
    if (this.size > KEPT) return hasher.digest(this.#file);
    const { digest, bytes } = await hasher.read(this.#file);
    this.#bytes = bytes;
    return digest;
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

  /** Throws NotReadableError when the file was moved or changed on the disk since it was picked. */
  async requireReadable() {
    if (this.#bytes) return;
    await this.#file.slice(0, 1).arrayBuffer();
  }
}
