// The reasons why an archive cannot have all files of its link.

/** @typedef {import("./packer.js").ArchiveFile} ArchiveFile */

/** Not to be had, however often it is tried: the others may be. */
export class FileMissing extends Error {}

/** The link gives nothing any longer. */
export class LinkClosed extends Error {}

/** Too little came of it, and no more comes. */
export class FileFailed extends Error {
  /**
   * @param {ArchiveFile} file
   * @param {unknown} [cause]
   */
  constructor(file, cause) {
    super(file.path, { cause });
    this.file = file;
  }
}
