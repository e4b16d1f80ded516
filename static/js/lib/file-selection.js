// Reads a drop, a picker or a paste: files, each with the folder it lies in, however many and deep.

import { folderOf, placesIn } from "./places.js";
import {
  awayInCloud,
  describedBy,
  isEmptyOnPurpose,
  isSystemFile,
  isSystemFolder,
  systemPart,
} from "./system-files.js";

/**
 * A file that was found. `path` is its folder, relative, or ""; `root` promises a handle of what was dropped, where the
 * browser has such, and `steps` are the names that lead from there to the file.
 *
 * @typedef {{ file: File, path: string, root: Root, steps: string[] }} Find
 */

/** @typedef {FileSystemHandle | Promise<FileSystemHandle | null> | null} Root */

/**
 * One chosen thing, before it was looked into; `entry` is that of a dropped file or folder.
 *
 * @typedef {{ file: File | null, path: string, entry?: FileSystemEntry | null, name?: string, root?: Root }} Chosen
 */

/**
 * Left out of the files. As paths: `system` (of systems and programs), `empty` (folders), `unreadable` (files),
 * `closed` (folders that cannot be read), `cut` (folders of which the rest cannot be read), `away` (in iCloud alone);
 * `nameless` counts what could not even be named.
 *
 * @typedef {{
 *   system: Set<string>,
 *   empty: string[],
 *   unreadable: string[],
 *   closed: string[],
 *   cut: string[],
 *   away: string[],
 *   nameless: number,
 * }} Left
 */

const BATCH = 100;

export class FileSelection {
  /**
   * Known once all batches are read.
   *
   * @type {Left}
   */
  left = { system: new Set(), empty: [], unreadable: [], closed: [], cut: [], away: [], nameless: 0 };
  /**
   * Files without a byte, in no batch: browsers give a pipe, a socket or a device as one. Known once all batches are
   * read.
   *
   * @type {Find[]}
   */
  held = [];
  #chosen;
  #mayBeEmpty;

  /**
   * `mayBeEmpty`: files without a byte are in the batches, none is held.
   *
   * @param {Chosen[]} chosen
   * @param {{ mayBeEmpty?: boolean }} options
   */
  constructor(chosen, { mayBeEmpty = false } = {}) {
    this.#chosen = chosen;
    this.#mayBeEmpty = mayBeEmpty;
  }

  /**
   * From a picker or a paste.
   *
   * @param {Iterable<File> | ArrayLike<File>} files
   */
  static ofFiles(files) {
    return new FileSelection(Array.from(files, (file) => ({ file, path: folderOf(file.webkitRelativePath ?? "") })));
  }

  /**
   * From a picker that gives handles of files.
   *
   * @param {FileSystemFileHandle[]} handles
   */
  static async ofHandles(handles) {
    const found = async (/** @type {FileSystemFileHandle} */ root) => {
      const file = await root.getFile().catch(() => null);
      return { file, name: root.name, path: "", root };
    };
    return new FileSelection(await Promise.all(handles.map(found)));
  }

  /**
   * From a drop. To be called within its event: afterwards the browser has forgotten what was dropped.
   *
   * @param {DataTransfer} transfer
   */
  static ofDrop(transfer) {
    const items = [...transfer.items].filter(({ kind }) => kind === "file");
    return new FileSelection(
      items.map((item) => ({
        entry: item.webkitGetAsEntry?.(),
        file: item.getAsFile(),
        path: "",
        root: item.getAsFileSystemHandle?.().catch(() => null) ?? null,
      })),
    );
  }

  /**
   * Yield the files in lists of up to a hundred. Never throws: what cannot be read is in `left`.
   *
   * @returns {AsyncGenerator<Find[], void, undefined>}
   */
  async *batches() {
    /** @type {Find[]} */
    let batch = [];
    for await (const find of this.#finds()) {
      if (this.#isHeld(find)) this.held.push(find);
      else batch.push(find);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length) yield batch;
  }

  /** @param {Find} find */
  #isHeld({ file, path }) {
    return !file.size && !this.#mayBeEmpty && !(path && isEmptyOnPurpose(file.name));
  }

  /** @returns {AsyncGenerator<Find, void, undefined>} */
  async *#finds() {
    const places = placesIn(this.#chosen);
    for (const { entry, file, name = entry?.name, path, root = null } of this.#chosen) {
      if (isFolder(entry)) yield* this.#within(entry, entry.name, root, []);
      else if (!file && name) this.left.unreadable.push(name);
      else if (!file) this.left.nameless += 1;
      else if (this.#isMeant(file, path, places)) yield { file, path, root, steps: [] };
    }
  }

  /**
   * Yield what lies in a dropped folder.
   *
   * @param {FileSystemDirectoryEntry} folder
   * @param {string} path
   * @param {Root} root
   * @param {string[]} steps
   * @returns {AsyncGenerator<Find, void, undefined>}
   */
  async *#within(folder, path, root, steps) {
    let holdsAny = false;
    /** @type {Set<string>} */
    const names = new Set();
    /** @type {FileSystemFileEntry[]} */
    const descriptions = [];
    for await (const entries of this.#listings(folder, path)) {
      for (const { name } of entries) names.add(name);
      const meant = entries.filter((entry) => !this.#isSystem(entry, path));
      // The files they describe may come in a later listing.
      descriptions.push(...meant.filter(isFile).filter(({ name }) => describedBy(name)));
      const files = meant.filter(isFile).filter(({ name }) => !describedBy(name));
      const folders = meant.filter(isFolder);
      holdsAny ||= files.length + folders.length > 0;
      yield* this.#files(files, path, root, steps);
      for (const entry of folders) yield* this.#within(entry, `${path}/${entry.name}`, root, [...steps, entry.name]);
    }
    const isOfOneHere = (/** @type {FileSystemEntry} */ { name }) => names.has(describedBy(name));
    for (const { name } of descriptions.filter(isOfOneHere)) this.left.system.add(`${path}/${name}`);
    const others = descriptions.filter((entry) => !isOfOneHere(entry));
    yield* this.#files(others, path, root, steps);
    const isKnown = !this.left.closed.includes(path) && !this.left.cut.includes(path);
    if (!holdsAny && !others.length && isKnown) this.left.empty.push(path);
  }

  /**
   * @param {FileSystemFileEntry[]} entries
   * @param {string} path
   * @param {Root} root
   * @param {string[]} steps
   * @returns {AsyncGenerator<Find, void, undefined>}
   */
  async *#files(entries, path, root, steps) {
    const files = await Promise.all(entries.map((entry) => this.#file(entry, path)));
    for (const file of files) {
      if (file && this.#isMeant(file, path)) yield { file, path, root, steps: [...steps, file.name] };
    }
  }

  /**
   * Return the entry's file, or null where it cannot be had.
   *
   * @param {FileSystemFileEntry} entry
   * @param {string} path
   * @returns {Promise<File | null>}
   */
  async #file(entry, path) {
    try {
      return await new Promise((resolve, reject) => entry.file(resolve, reject));
    } catch {
      this.left.unreadable.push(`${path}/${entry.name}`);
      return null;
    }
  }

  /**
   * Yield lists of what is in a folder; browsers hand it out by the hundred.
   *
   * @param {FileSystemDirectoryEntry} folder
   * @param {string} path
   */
  async *#listings(folder, path) {
    let isBegun = false;
    try {
      const reader = folder.createReader();
      /** @returns {Promise<FileSystemEntry[]>} */
      const next = () => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      for (let entries = await next(); entries.length; entries = await next()) {
        isBegun = true;
        yield entries;
      }
    } catch {
      this.left[isBegun ? "cut" : "closed"].push(path);
    }
  }

  /**
   * @param {FileSystemEntry} entry
   * @param {string} path
   */
  #isSystem({ name, isFile }, path) {
    const is = isFile ? isSystemFile(name) : isSystemFolder(name);
    if (is) this.left.system.add(`${path}/${name}`);
    return is;
  }

  /**
   * Return whether a person who chose this file, or the folder `path` that it lies in, meant to send it.
   *
   * @param {File} file
   * @param {string} path
   * @param {Set<string> | null} places see placesIn()
   */
  #isMeant(file, path, places = null) {
    const away = awayInCloud(file);
    if (away) this.left.away.push(path ? `${path}/${away}` : away);
    // Chosen by itself, it is what it is.
    if (away || !path) return !away;
    const system = systemPart(file.name, path, places);
    if (system) this.left.system.add(system);
    return !system;
  }
}

/**
 * @param {FileSystemEntry} entry
 * @returns {entry is FileSystemFileEntry}
 */
function isFile(entry) {
  return entry.isFile;
}

/**
 * @param {FileSystemEntry | null | undefined} entry
 * @returns {entry is FileSystemDirectoryEntry}
 */
function isFolder(entry) {
  return entry?.isDirectory ?? false;
}
