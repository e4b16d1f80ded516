// The bar at the lower edge of the window, while the list of uploads is out of sight: how far all is, and the link to
// what was dropped last.

import { partsOf } from "./parts.js";

/** @typedef {import("../uploads/batch.js").Batch} Batch */
/** @typedef {import("../uploads/queue.js").Queue} Queue */

/**
 * A row of the list that the bar stands for. `copyLink` promises what is said of it.
 *
 * @typedef {{ copyLink: () => Promise<string>, focus: () => void }} Shown
 */

const PARTS = {
  head: HTMLElement,
  dock: HTMLElement,
  "dock-name": HTMLElement,
  "dock-words": HTMLElement,
  "dock-bar": HTMLProgressElement,
  "dock-copy": HTMLButtonElement,
  "dock-copied": HTMLElement,
  "dock-show": HTMLButtonElement,
  "dock-hide": HTMLButtonElement,
};

export class UploadDock {
  #parts;
  #queue;
  #mayLink;
  // The newest batch at the time it was hidden, or was seen in the list at its end.
  /** @type {Batch | undefined} */
  #seen;
  // That of which the link was copied.
  /** @type {Batch | undefined} */
  #copied;

  /**
   * @param {HTMLElement} host the element with the parts
   * @param {Queue} queue
   * @param {{ rowOf: (batch: Batch) => Shown | undefined, onsight: () => void }} options `rowOf` returns the row of a
   *   batch; `onsight` is told when the list comes into sight, or goes
   */
  constructor(host, queue, { rowOf, onsight }) {
    this.#parts = partsOf(host, PARTS);
    this.#queue = queue;
    this.#mayLink = "links" in host.dataset;
    const { head, "dock-copy": copy, "dock-show": show, "dock-hide": hide } = this.#parts;
    copy.addEventListener("click", () => this.#copy(rowOf));
    show.addEventListener("click", () => this.#show(rowOf));
    hide.addEventListener("click", () => this.#hide());
    new IntersectionObserver(onsight).observe(head);
  }

  /**
   * Draw it anew: how far all is, in the words and the fraction that stand over the list, too.
   *
   * @param {{ name: string, words: string, fraction: number }} progress
   */
  draw({ name, words, fraction }) {
    const { dock, "dock-name": title, "dock-words": text, "dock-bar": bar, "dock-copy": copy } = this.#parts;
    const isListInSight = isInSight(this.#parts.head);
    if (isListInSight && !this.#queue.isUnfinished) this.#seen = this.#newest;
    dock.hidden = isListInSight || !this.#newest || this.#newest === this.#seen;
    if (dock.hidden) return;
    title.textContent = name;
    text.textContent = words;
    bar.value = fraction;
    bar.hidden = !this.#queue.isUnfinished;
    copy.hidden = !this.#mayLink || ![...(this.#newest?.uploads ?? [])].some(({ record }) => record);
    if (this.#copied !== this.#newest) this.#parts["dock-copied"].textContent = "";
  }

  get #newest() {
    return [...this.#queue.batches].at(-1);
  }

  /** @param {(batch: Batch) => Shown | undefined} rowOf */
  async #copy(rowOf) {
    const newest = this.#newest;
    const row = newest && rowOf(newest);
    if (!row) return;
    this.#copied = newest;
    this.#parts["dock-copied"].textContent = await row.copyLink();
  }

  /** @param {(batch: Batch) => Shown | undefined} rowOf */
  #show(rowOf) {
    this.#parts.head.scrollIntoView({ block: "start" });
    if (this.#newest) rowOf(this.#newest)?.focus();
  }

  #hide() {
    this.#seen = this.#newest;
    this.#parts.dock.hidden = true;
  }
}

/** @param {HTMLElement} element */
function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}
