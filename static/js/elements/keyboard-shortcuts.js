/**
 * <keyboard-shortcuts data-home="where something new is sent"> around the <dialog> that lists them: `/` searches, `n`
 * sends something new, `?` lists them. In a table, the arrow keys go from row to row, Space ticks a row, and Delete does
 * what a row's element with `data-key="Delete"` does; so it does in the list of uploads.
 *
 * Keys that are letters get in the way of who dictates: the dialog has a switch, which this browser remembers
 * (WCAG 2.1.4).
 */

import { partOf } from "../views/parts.js";

const TURNED_OFF = "waybill-shortcuts-off";
const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const ROWS = "tbody > tr, .upload-list > li";
const NAMES = "a.name, .upload-toggle";
const OTHERS = ".upload-actions button:not([hidden]), a, button";

export class KeyboardShortcuts extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("keydown", (event) => this.#press(event), { signal });
    const toggle = partOf(this, "shortcuts-on", HTMLInputElement);
    toggle.checked = !isTurnedOff();
    toggle.addEventListener("change", () => turnOff(!toggle.checked), { signal });
    partOf(this, "shortcuts-close", HTMLButtonElement).addEventListener("click", () => this.#dialog?.close(), {
      signal,
    });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key, target } = event;
    const isTaken = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (isTaken || !(target instanceof Element) || target.closest(FIELDS) || document.querySelector("dialog[open]")) {
      return;
    }
    const done = this.#moves(key, target) || (!isTurnedOff() && this.#does(key));
    if (done) event.preventDefault();
  }

  /**
   * Do what this key does on the whole page. Return false where it does nothing.
   *
   * @param {string} key
   */
  #does(key) {
    if (key === "/") return focusOn(document.querySelector("main [type=search]"));
    if (key === "n") return this.#begin();
    if (key !== "?" || !this.#dialog?.showModal) return false;
    this.#dialog.showModal();
    return true;
  }

  #begin() {
    const choose = document.querySelector('file-drop [data-part="choose"]');
    if (choose instanceof HTMLElement) choose.click();
    else location.assign(this.dataset.home ?? "/");
    return true;
  }

  /**
   * Do what this key does in a list. Return false where it does nothing.
   *
   * @param {string} key
   * @param {Element} target
   */
  #moves(key, target) {
    const row = target.closest(ROWS);
    if (!row) return false;
    if (key === "ArrowDown" || key === "ArrowUp") return focusOn(stopIn(beside(row, key === "ArrowDown" ? 1 : -1)));
    if (key === " ") return target.matches("a") && tick(row);
    if (key !== "Delete") return false;
    const button = row.querySelector('[data-key="Delete"]:not([hidden])');
    if (button instanceof HTMLElement) button.click();
    return button !== null;
  }
}

/**
 * Return the row that is so many steps away on the page, or null.
 *
 * @param {Element} row
 * @param {number} step
 */
function beside(row, step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((one) => one instanceof HTMLElement && one.offsetParent);
  return rows[rows.indexOf(row) + step] ?? null;
}

/** @param {Element | null} row */
function stopIn(row) {
  return row?.querySelector(NAMES) ?? row?.querySelector(OTHERS) ?? null;
}

/** @param {Element} row */
function tick(row) {
  const box = row.querySelector("[type=checkbox]");
  if (!(box instanceof HTMLElement)) return false;
  box.click();
  return true;
}

/** @param {Element | null} element */
function focusOn(element) {
  if (!(element instanceof HTMLElement)) return false;
  element.focus();
  return true;
}

/** Storage may be forbidden: then they are on. */
function isTurnedOff() {
  try {
    return localStorage.getItem(TURNED_OFF) !== null;
  } catch {
    return false;
  }
}

/** @param {boolean} isOff */
function turnOff(isOff) {
  try {
    if (isOff) localStorage.setItem(TURNED_OFF, "1");
    else localStorage.removeItem(TURNED_OFF);
  } catch {
    // Forbidden: they stay on.
  }
}

customElements.define("keyboard-shortcuts", KeyboardShortcuts);
