// Links to files that have not all arrived, kept in this browser: after a reload or a crash, what is dropped again to
// go on joins the link that was sent already.

/** @typedef {Pick<schema.LinkOut, "id" | "url" | "page_url">} PendingLink */

/**
 * As it is kept: `keys` tell the files that are still to arrive, `until` is in milliseconds since 1970.
 *
 * @typedef {{ link: PendingLink, keys: string[], until: number }} Entry
 */

/** @typedef {{ path: string, name: string, size: number, lastModified: number }} Source */

const LIFE_MS = 7 * 24 * 3600 * 1000;

export class PendingLinks {
  // The name under which the browser keeps them.
  #place;

  /** @param {string | undefined} account whose they are, since several people may share a browser */
  constructor(account) {
    this.#place = `waybill-links-${account}`;
  }

  /**
   * Remember that this link of the API leads to these sources.
   *
   * @param {PendingLink} link
   * @param {Source[]} sources
   */
  add({ id, url, page_url }, sources) {
    const others = this.#read().filter((entry) => entry.link.id !== id);
    const known = this.#read().find((entry) => entry.link.id === id)?.keys ?? [];
    const keys = [...new Set([...known, ...sources.map(keyOf)])];
    this.#write([...others, { link: { id, url, page_url }, keys, until: Date.now() + LIFE_MS }]);
  }

  /**
   * Forget these: they have arrived, or are wanted no longer. `missing` are still to arrive: of two that have all in
   * common, from two folders and each picked alone, one may be among them.
   *
   * @param {string} id
   * @param {Source[]} sources
   * @param {Source[]} missing
   */
  remove(id, sources, missing = []) {
    const wanted = new Set(missing.map(keyOf));
    const done = new Set(sources.map(keyOf).filter((key) => !wanted.has(key)));
    const pending = this.#read();
    for (const entry of pending) {
      if (entry.link.id === id) entry.keys = entry.keys.filter((key) => !done.has(key));
    }
    this.#write(pending.filter(({ keys }) => keys.length));
  }

  /** Return a function that gives for a source the link that was to lead to it, or undefined. */
  finder() {
    /** @type {Map<string, PendingLink>} */
    const links = new Map();
    for (const { link, keys } of this.#read()) for (const key of keys) links.set(key, link);
    return (/** @type {Source} */ source) => links.get(keyOf(source));
  }

  /** @returns {Entry[]} */
  #read() {
    try {
      /** @type {Entry[]} */
      const entries = JSON.parse(localStorage.getItem(this.#place) ?? "[]");
      return entries.filter(({ until }) => until > Date.now());
    } catch {
      return [];
    }
  }

  /** @param {Entry[]} pending */
  #write(pending) {
    try {
      if (pending.length) localStorage.setItem(this.#place, JSON.stringify(pending));
      else localStorage.removeItem(this.#place);
    } catch {
      // Where nothing can be kept, or no more, a new link is one press away.
    }
  }
}

/**
 * Return what tells a file from others, and does not tell its name: 64 bits by FNV-1a, twice with different beginnings.
 *
 * @param {Source} source
 */
function keyOf({ path, name, size, lastModified }) {
  const words = [path, name, size, lastModified].join("\n");
  return [0x811c9dc5, 0x9dc5811c].map((basis) => fnv1a(words, basis).toString(16).padStart(8, "0")).join("");
}

/**
 * @param {string} words
 * @param {number} basis
 */
function fnv1a(words, basis) {
  let hash = basis;
  for (let at = 0; at < words.length; at += 1) hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
