// Where the bytes of an upload come from. A source gives parts, never the whole file in memory.

/** A file that a person picked. Each part is a slice of it: a Blob, which costs the tab no memory while it is sent. */
export class FileSource {
  #file;

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

  /** Part `number`, counted from 1, of parts of `partSize` bytes; the last may be shorter. */
  part(number, partSize) {
    const start = (number - 1) * partSize;
    // slice() drops the type, too, which would otherwise become a header that nobody signed.
    return this.#file.slice(start, Math.min(start + partSize, this.size));
  }

  /** Throws NotReadableError when the file was moved or changed on the disk since it was picked. */
  async requireReadable() {
    await this.#file.slice(0, 1).arrayBuffer();
  }
}
