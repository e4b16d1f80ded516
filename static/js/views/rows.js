// The rows of a list: made, placed and removed as they are wanted.

/** @typedef {import("../uploads/upload.js").Upload} Upload */

/**
 * `render` is told which uploads have changed; `isKept`: a person would miss it; `focus` puts the focus into it.
 *
 * @typedef {{ element: HTMLElement, isKept: boolean, render: (changed: Set<Upload>) => void, focus: () => void }} Row
 */

/**
 * @template Key
 * @template {Row} RowOfKey
 */
export class Rows {
  #list;
  #make;
  #fallback;
  /** @type {Map<Key, RowOfKey>} */
  #rows = new Map();

  /**
   * `make` makes the row for a key; `fallback` takes the focus of the last row that is removed.
   *
   * @param {HTMLElement} list
   * @param {{ make: (key: Key) => RowOfKey, fallback: HTMLElement }} options
   */
  constructor(list, { make, fallback }) {
    this.#list = list;
    this.#make = make;
    this.#fallback = fallback;
  }

  get size() {
    return this.#rows.size;
  }

  /** @param {Key} key */
  get(key) {
    return this.#rows.get(key);
  }

  keys() {
    return this.#rows.keys();
  }

  /**
   * Show these, in this order, and no others. Return false if there are more to make: so many are made at once.
   *
   * @param {Key[]} wanted
   * @param {number} atOnce
   */
  show(wanted, atOnce) {
    const isWanted = new Set(wanted);
    for (const key of [...this.#rows.keys()]) if (!isWanted.has(key)) this.remove(key);
    let made = 0;
    let place = this.#list.firstElementChild;
    for (const key of wanted) {
      let row = this.#rows.get(key);
      if (!row) {
        if (made === atOnce) return false;
        made += 1;
        row = this.#make(key);
        this.#rows.set(key, row);
      }
      if (row.element === place) place = place.nextElementSibling;
      else this.#list.insertBefore(row.element, place);
    }
    return true;
  }

  /**
   * Take a row away. The focus that was in it goes to the one beside it.
   *
   * @param {Key} key
   */
  remove(key) {
    const row = this.#rows.get(key);
    if (!row) return;
    const hadFocus = row.element.contains(document.activeElement);
    const neighbour = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    this.#rows.delete(key);
    if (!hadFocus) return;
    const next = [...this.#rows.values()].find(({ element }) => element === neighbour);
    if (next) next.focus();
    else this.#fallback.focus();
  }
}
