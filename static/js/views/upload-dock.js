// The bar at the lower edge of the window, while the list of uploads is out of sight: how far all is, and the link to
// what was dropped last.

import { partsOf } from "./parts.js";

/** @typedef {import("../uploads/batch.js").Batch} Batch */
/** @typedef {import("../uploads/queue.js").Queue} Queue */

/**
 * A row of the list that the bar stands for. `copyLink` promises what is said of it.
 *
 * @typedef {{ element: HTMLElement, copyLink: () => Promise<string>, focus: () => void }} Shown
 */

const PARTS = {
  head: HTMLElement,
  list: HTMLElement,
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
  #rowOf;
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
    const { head, list, "dock-copy": copy, "dock-show": show, "dock-hide": hide } = this.#parts;
    this.#rowOf = rowOf;
    copy.addEventListener("click", () => this.#copy());
    show.addEventListener("click", () => this.#show());
    hide.addEventListener("click", () => this.#hide());
    const observer = new IntersectionObserver(onsight);
    for (const element of [head, list]) observer.observe(element);
  }

  /**
   * Draw it anew: how far all is, in the words and the fraction that stand over the list, too.
   *
   * @param {{ name: string, words: string, fraction: number }} progress
   */
  draw({ name, words, fraction }) {
    const { dock, "dock-name": title, "dock-words": text, "dock-bar": bar, "dock-copy": copy } = this.#parts;
    const isNewestInSight = this.#isNewestInSight;
    if (isNewestInSight && !this.#queue.isUnfinished) this.#seen = this.#newest;
    dock.hidden = isNewestInSight || !this.#newest || this.#newest === this.#seen;
    if (dock.hidden) return;
    title.textContent = name;
    text.textContent = words;
    bar.value = fraction;
    bar.hidden = !this.#queue.isUnfinished;
    copy.hidden = !this.#mayLink || ![...(this.#newest?.uploads ?? [])].some(({ record }) => record);
    if (this.#copied !== this.#newest) this.#parts["dock-copied"].textContent = "";
  }

  /** True also while somebody works in the list. */
  get #isNewestInSight() {
    const { head, list } = this.#parts;
    const row = this.#newest && this.#rowOf(this.#newest);
    return isInSight(head) || (row && isInSight(row.element)) || list.contains(document.activeElement);
  }

  get #newest() {
    return [...this.#queue.batches].at(-1);
  }

  async #copy() {
    const newest = this.#newest;
    const row = newest && this.#rowOf(newest);
    if (!row) return;
    this.#copied = newest;
    this.#parts["dock-copied"].textContent = await row.copyLink();
  }

  #show() {
    this.#parts.head.scrollIntoView({ block: "start" });
    if (this.#newest) this.#rowOf(this.#newest)?.focus();
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
