/**
 * <browser-notices hidden> around a checkbox: switches the browser's own notices on and off, in this browser. The browser
 * is asked for its permission when somebody ticks the box, and never before. Hidden without script.
 */

import { canNotify, setNotices, wantsNotices } from "../lib/notices.js";
import { gettext } from "../lib/translation.js";

export class BrowserNotices extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #stop;

  connectedCallback() {
    const box = this.querySelector("input");
    if (!box || !canNotify) return;
    this.#stop = new AbortController();
    this.hidden = false;
    box.checked = wantsNotices();
    box.addEventListener("change", () => this.#set(box), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  /** @param {HTMLInputElement} box */
  async #set(box) {
    const isAllowed = await setNotices(box.checked);
    box.checked = wantsNotices();
    const voice = this.querySelector("[role=status]");
    if (!voice) return;
    voice.textContent = isAllowed
      ? ""
      : gettext("Your browser blocks notifications from this site. Allow them in its settings, then try again.");
  }
}

customElements.define("browser-notices", BrowserNotices);
