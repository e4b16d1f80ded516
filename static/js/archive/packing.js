// The contents of an archive: the files that can be had, and at its end a list of those that cannot.

import { FileMissing } from "./errors.js";

/** @typedef {import("./fetching.js").Fetching} Fetching */
/** @typedef {import("./packer.js").ArchiveFile} ArchiveFile */
/** @typedef {import("./zip.js").ZipFile} ZipFile */

export class Packing {
  bytes = 0;
  files = 0;
  /**
   * Paths of what could not be had.
   *
   * @type {string[]}
   */
  missing = [];
  #files;
  #listPath;
  #listTitle;
  #fetching;

  /**
   * `list` is the path of the list, which no file has; `title` its first line.
   *
   * @param {{ files: ArchiveFile[], list: string, title: string }} collection
   * @param {Fetching} fetching
   */
  constructor({ files, list, title }, fetching) {
    this.#files = files;
    this.#listPath = list;
    this.#listTitle = title;
    this.#fetching = fetching;
  }

  /** @returns {AsyncGenerator<ZipFile, void, undefined>} */
  async *entries() {
    for (const [index, file] of this.#files.entries()) {
      const pieces = await this.#begun(index);
      if (pieces) yield { ...file, pieces };
      else this.missing.push(file.path);
    }
    if (this.missing.length) yield this.#list();
  }

  /**
   * Return the pieces of a file, or null where there is none to be had.
   *
   * @param {number} index
   */
  async #begun(index) {
    const pieces = this.#fetching.bytes(index);
    try {
      return this.#counted(await pieces.next(), pieces);
    } catch (error) {
      if (error instanceof FileMissing) return null;
      throw error;
    }
  }

  /**
   * @param {IteratorResult<Uint8Array, void>} first
   * @param {AsyncIterator<Uint8Array, void>} rest
   */
  async *#counted(first, rest) {
    for (let piece = first; !piece.done; piece = await rest.next()) {
      this.bytes += piece.value.length;
      yield piece.value;
    }
    this.files += 1;
  }

  #list() {
    const words = [this.#listTitle, ...this.missing, ""].join("\r\n");
    const bytes = new TextEncoder().encode(words);
    return { path: this.#listPath, size: bytes.length, modified: new Date(), pieces: [bytes] };
  }
}
