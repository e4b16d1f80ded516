// Links to files that have not all arrived, kept in this browser: after a reload or a crash, what is dropped again to go
// on joins the link that was sent already.

const LIFE_MS = 7 * 24 * 3600 * 1000;

export class PendingLinks {
  #place;

  /** `account`: whose they are, since several people may share a browser. */
  constructor(account) {
    this.#place = `waybill-links-${account}`;
  }

  /** Remember that this link of the API leads to these sources. */
  add({ id, url, page_url }, sources) {
    const others = this.#read().filter((entry) => entry.link.id !== id);
    const known = this.#read().find((entry) => entry.link.id === id)?.keys ?? [];
    const keys = [...new Set([...known, ...sources.map(keyOf)])];
    this.#write([...others, { link: { id, url, page_url }, keys, until: Date.now() + LIFE_MS }]);
  }

  /** These have arrived, or are wanted no longer. */
  remove(id, sources) {
    const done = new Set(sources.map(keyOf));
    const pending = this.#read();
    for (const entry of pending) {
      if (entry.link.id === id) entry.keys = entry.keys.filter((key) => !done.has(key));
    }
    this.#write(pending.filter(({ keys }) => keys.length));
  }

  /** Gives for a source the link that was to lead to it, or undefined. */
  finder() {
    const links = new Map();
    for (const { link, keys } of this.#read()) for (const key of keys) links.set(key, link);
    return (source) => links.get(keyOf(source));
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.#place) ?? "[]").filter(({ until }) => until > Date.now());
    } catch {
      return [];
    }
  }

  #write(pending) {
    try {
      if (pending.length) localStorage.setItem(this.#place, JSON.stringify(pending));
      else localStorage.removeItem(this.#place);
    } catch {
      // Where nothing can be kept, or no more, a new link is one press away.
    }
  }
}

/** What tells a file from others, and does not tell its name: 64 bits by FNV-1a, twice with different beginnings. */
function keyOf({ path, name, size, lastModified }) {
  const words = [path, name, size, lastModified].join("\n");
  return [0x811c9dc5, 0x9dc5811c].map((basis) => fnv1a(words, basis).toString(16).padStart(8, "0")).join("");
}

function fnv1a(words, basis) {
  let hash = basis;
  for (let at = 0; at < words.length; at += 1) hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
