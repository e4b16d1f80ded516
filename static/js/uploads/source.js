// Where the bytes of an upload come from. A source gives parts, never the whole file in memory.

/** A file that a person picked. Each part is a slice of it: a Blob, which costs the tab no memory while it is sent. */
export class FileSource {
  #file;

  /** `path` is the folder it lies in, relative, or "". */
  constructor(file, path = "") {
    this.#file = file;
    this.name = file.name;
    this.path = path;
    this.type = file.type;
    this.size = file.size;
  }

  whole() {
    // slice() drops the type, which would otherwise become a header that nobody signed.
    return this.#file.slice(0, this.size);
  }

  /** Part `number`, counted from 1, of parts of `partSize` bytes; the last may be shorter. */
  part(number, partSize) {
    const start = (number - 1) * partSize;
    return this.#file.slice(start, Math.min(start + partSize, this.size));
  }

  /** Throws NotReadableError when the file was moved or changed on the disk since it was picked. */
  async requireReadable() {
    await this.#file.slice(0, 1).arrayBuffer();
  }
}
