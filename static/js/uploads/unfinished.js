// Uploads that were begun and never finished, here before a reload or on another device: they lack their file.

import { Emitter } from "../lib/emitter.js";
import { gettext } from "../lib/translation.js";

/** @typedef {import("./records.js").Records} Records */
/** @typedef {import("./source.js").FileSource} FileSource */

/**
 * An unfinished upload. `problem`: why it does not go on, or ""; `canResume`: its file can be had without choosing it;
 * `isMeasured`: the bucket has said what it has of it; `other`: the source that it was refused, which can be sent as a
 * new file; `isSpent`: whatever its file is by now may take its place.
 *
 * @typedef {{
 *   record: schema.UploadOut,
 *   problem: string,
 *   canResume: boolean,
 *   isMeasured: boolean,
 *   other: FileSource | null,
 *   isSpent: boolean,
 * }} Item
 */

/**
 * Tells "change" whenever one of them has come, gone or changed.
 *
 * @extends {Emitter<{ change: null }>}
 */
export class Unfinished extends Emitter {
  /**
   * The ids of all that the API listed.
   *
   * @type {Set<string>}
   */
  known = new Set();
  // The ids of those that another tab is sending.
  /** @type {Set<string>} */
  #elsewhere = new Set();
  #records;
  // By the upload's id.
  /** @type {Map<string, Item>} */
  #items = new Map();

  /** @param {Records} records */
  constructor(records) {
    super();
    this.#records = records;
  }

  get items() {
    return [...this.#items.values()];
  }

  /**
   * Ask the API what there is. `askOthers(ids)` resolves when other tabs have had time to say which are theirs, see
   * leave(); `isOthers(id)`: whether that one is shown by somebody else. Throws ApiError.
   *
   * @param {(ids: string[]) => Promise<void>} askOthers
   * @param {(id: string) => boolean} isOthers
   */
  async load(askOthers, isOthers) {
    const listed = await this.#records.unfinished();
    this.known = new Set(listed.map(({ id }) => id));
    await askOthers([...this.known]);
    for (const record of listed) if (!this.#elsewhere.has(record.id) && !isOthers(record.id)) this.add(record);
  }

  /**
   * Look again at those that another browser is sending: they may have arrived, or stand still by now. Throws ApiError.
   */
  async renew() {
    const listed = new Map((await this.#records.unfinished()).map((record) => [record.id, record]));
    for (const item of this.#elsewhereItems) {
      const record = listed.get(item.record.id);
      if (record) item.record = record;
      else this.#items.delete(item.record.id);
    }
    this.#change();
  }

  /** True if another browser is sending any of them. */
  get areSentElsewhere() {
    return this.#elsewhereItems.length > 0;
  }

  get #elsewhereItems() {
    return this.items.filter(({ record }) => record.is_sent_elsewhere);
  }

  /**
   * Leave these to another tab, in which they are on their way.
   *
   * @param {string[]} ids
   */
  leave(ids) {
    for (const id of ids) {
      this.#elsewhere.add(id);
      this.#items.delete(id);
    }
    this.#change();
  }

  /**
   * @param {schema.UploadOut} record
   * @param {{ problem?: string, other?: FileSource | null, isSpent?: boolean }} options
   */
  add(record, { problem = "", other = null, isSpent = false } = {}) {
    const item = { record, problem, canResume: false, other, isSpent, isMeasured: record.method !== "parts" };
    this.#items.set(record.id, item);
    this.#change();
    return item;
  }

  /**
   * Learn what the bucket has of one, which takes a request.
   *
   * @param {Item} item
   */
  async measure({ record }) {
    if (record.method !== "parts" || record.stored_parts.length) return;
    const fresh = await this.#records.show(record.id).catch(() => null);
    const item = this.#items.get(record.id);
    if (!item) return;
    // No answer is not the answer that nothing is there.
    item.isMeasured = fresh !== null;
    if (fresh) item.record = { ...fresh, is_sent_elsewhere: item.record.is_sent_elsewhere };
    this.#change();
  }

  /**
   * Say whether its file can be had without choosing it again.
   *
   * @param {Item} item
   * @param {boolean} canResume
   */
  allow({ record }, canResume) {
    const item = this.#items.get(record.id);
    if (!item || item.canResume === canResume) return;
    item.canResume = canResume;
    this.#change();
  }

  /**
   * Take out and return the item that this file belongs to, or null.
   *
   * @param {FileSource} source
   */
  match(source) {
    const { name, path } = source;
    const named = this.items.filter(({ record }) => record.file.name === name);
    const same = named.filter((item) => !this.objection(item, source));
    const inFolder = (/** @type {Item} */ { record }) => record.file.path === path;
    // A file picked alone comes without its folder.
    const picked = path || same.length > 1 ? null : same[0];
    const changed = path ? named.filter(inFolder) : named.filter((item) => named.length === 1 && isNewer(item, source));
    const found = same.find(inFolder) ?? picked ?? changed.find(mayBeDropped);
    if (found) this.take(found);
    return found ?? null;
  }

  /**
   * Return why this file cannot be that of the item; "" where it can. Only its bytes can tell for certain.
   *
   * @param {Item} item
   * @param {FileSource} source
   */
  objection({ record: { file, method, checksum }, isSpent }, { name, size, lastModified }) {
    if (!size && file.size) return gettext("That file is empty: 0 bytes, or a pipe, or not on this device yet.");
    // One that changed is sent as it is by now. Of one that a form takes nothing is there that could be mixed with it.
    if (name === file.name && (isSpent || (method === "form" && size === file.size))) return "";
    if (size !== file.size) return gettext("That file has a different size.");
    // Without digests nothing but name and date tells two files of one size apart.
    if (checksum === "none" && name !== file.name) return gettext("That file has a different name.");
    if (checksum === "none" && !isOfDate(file.modified_at, lastModified))
      return gettext("That file has a different date.");
    return "";
  }

  /**
   * Say why `other`, where it is at hand, is not the file of the item.
   *
   * @param {Item} item
   * @param {string} problem
   * @param {FileSource | null} other
   */
  object({ record }, problem, other = null) {
    const item = this.#items.get(record.id);
    if (item) Object.assign(item, { problem, other });
    this.#change();
  }

  /**
   * Take the item out and return its record.
   *
   * @param {Item} item
   */
  take({ record }) {
    this.#items.delete(record.id);
    this.#change();
    return record;
  }

  /**
   * Have the API cancel one that has left the list. Throws ApiError.
   *
   * @param {string} id
   */
  discard(id) {
    return this.#records.cancel(id);
  }

  #change() {
    this.emit("change", null);
  }
}

/**
 * Return whether nothing is lost where a file of its folder and name, changed since, takes its place.
 *
 * @param {Item} item
 */
function mayBeDropped({ record }) {
  return record.method === "form" && !record.is_sent_elsewhere;
}

/**
 * Return whether the file was changed after the upload was started. A file of that name from elsewhere may be older.
 *
 * @param {Item} item
 * @param {FileSource} source
 */
function isNewer({ record: { file } }, { lastModified }) {
  return file.modified_at !== null && lastModified > Date.parse(file.modified_at) + 999;
}

/**
 * Return whether a file of this date may be the one that was started with that: the API keeps whole seconds, or none.
 *
 * @param {string | null} startedWith
 * @param {number} lastModified
 */
function isOfDate(startedWith, lastModified) {
  return startedWith === null || Date.parse(startedWith) === Math.floor(lastModified / 1000) * 1000;
}

/**
 * Return the bytes that the bucket has of it.
 *
 * @param {schema.UploadOut} record
 */
export function storedBytes({ size, part_size: partSize, stored_parts: parts, part_count: count }) {
  const last = size - (count - 1) * partSize;
  return parts.reduce((bytes, number) => bytes + (number === count ? last : partSize), 0);
}
