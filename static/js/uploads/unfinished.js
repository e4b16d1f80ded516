// Uploads that were begun and never finished, here before a reload or on another device: they lack their file.

/** Dispatches "change" whenever one of them has come, gone or changed. */
export class Unfinished extends EventTarget {
  /** The ids of all that the API listed. */
  known = new Set();
  #elsewhere = new Set();
  #records;
  /** Of each upload's id: {record, problem, canGoOn}. */
  #items = new Map();

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
   */
  async load(askOthers, isOthers) {
    const listed = await this.#records.unfinished();
    this.known = new Set(listed.map(({ id }) => id));
    await askOthers([...this.known]);
    for (const record of listed) if (!this.#elsewhere.has(record.id) && !isOthers(record.id)) this.add(record);
  }

  /** Leave these to another tab, in which they are on their way. */
  leave(ids) {
    for (const id of ids) {
      this.#elsewhere.add(id);
      this.#items.delete(id);
    }
    this.#change();
  }

  add(record, problem = "") {
    this.#items.set(record.id, { record, problem, canGoOn: false });
    this.#change();
  }

  /** Learn what the bucket has of one, which takes a request. */
  async measure({ record }) {
    if (record.method !== "parts" || record.stored_parts.length) return;
    const fresh = await this.#records.show(record.id).catch(() => null);
    const item = this.#items.get(record.id);
    if (!fresh || !item) return;
    item.record = fresh;
    this.#change();
  }

  /** Whether its file can be had without choosing it again. */
  allow({ record }, canGoOn) {
    const item = this.#items.get(record.id);
    if (!item || item.canGoOn === canGoOn) return;
    item.canGoOn = canGoOn;
    this.#change();
  }

  /** Take out and give the record of the one that this file belongs to, or null. */
  match({ name, size, path }) {
    const same = this.items.filter(({ record: { file } }) => file.name === name && file.size === size);
    // A file picked alone comes without its folder.
    const found = same.find(({ record }) => record.file.path === path) ?? (path || same.length > 1 ? null : same[0]);
    return found ? this.take(found) : null;
  }

  /** Say why this file cannot be that of the item; "" where it can. Only its bytes can tell for certain. */
  objection({ record: { file, checksum } }, { name, size }) {
    if (size !== file.size) return "That file has another size.";
    // Without digests nothing but the name tells two files of one size apart.
    if (checksum === "none" && name !== file.name) return "That file has another name.";
    return "";
  }

  object({ record }, problem) {
    this.#items.get(record.id).problem = problem;
    this.#change();
  }

  /** Take the item out and give its record. */
  take({ record }) {
    this.#items.delete(record.id);
    this.#change();
    return record;
  }

  async cancel(item) {
    this.take(item);
    await this.#records.cancel(item.record.id);
  }

  #change() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Bytes that the bucket has of it. */
export function storedBytes({ size, part_size: partSize, stored_parts: parts, part_count: count }) {
  const last = size - (count - 1) * partSize;
  return parts.reduce((bytes, number) => bytes + (number === count ? last : partSize), 0);
}
