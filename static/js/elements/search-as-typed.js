/**
 * <search-as-typed data-parts="#links, #files"> around a search form and a live region: fetches the page of what is
 * typed, shows these parts of it, and keeps the address true. Without script, or where no answer comes, Enter does it.
 */

import { ask, NetworkError } from "../lib/network.js";
import { gettext, interpolate } from "../lib/translation.js";

// In milliseconds: so long nothing was typed, and so long an answer may take.
const PAUSE = 250;
const TIMEOUT = 30_000;

export class SearchAsTyped extends HTMLElement {
  // Ends what was asked for what stood in the field before.
  #stop = new AbortController();
  // The pause before the next search is asked for.
  #timer = 0;

  connectedCallback() {
    this.addEventListener("input", this.#wait);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#wait);
    this.#cancel();
  }

  #wait = () => {
    this.#cancel();
    const { signal } = this.#stop;
    this.#timer = setTimeout(() => {
      this.#search(signal).catch((error) => {
        if (!(signal.aborted || error instanceof NetworkError)) reportError(error);
      });
    }, PAUSE);
  };

  #cancel() {
    clearTimeout(this.#timer);
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  /** @param {AbortSignal} signal */
  async #search(signal) {
    const form = this.querySelector("form");
    if (!form) return;
    const address = addressOf(form);
    const headers = { Accept: "text/html" };
    const { ok, text } = await ask(address, { headers, signal, redirect: "manual", timeout: TIMEOUT });
    // Signed out meanwhile, or searching too often: the page itself says what is the matter.
    if (!ok) return location.assign(address);
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const selector of (this.dataset.parts ?? "").split(", ")) {
      const renewed = page.querySelector(selector);
      if (renewed) document.querySelector(selector)?.replaceWith(document.importNode(renewed, true));
    }
    history.replaceState(history.state, "", address);
    const clear = this.querySelector("[data-clear]");
    if (clear instanceof HTMLElement) clear.hidden = !new URLSearchParams(location.search).get("q");
    this.#say(page);
  }

  /** @param {Document} page */
  #say(page) {
    const [links, files] = ["links", "files"].map((id) => page.querySelector(`#${id} .count`)?.textContent ?? "0");
    const voice = this.querySelector("[role=status]");
    if (voice) voice.textContent = interpolate(gettext("Links: %(links)s. Files: %(files)s."), { links, files });
  }
}

/**
 * Return the address that the form leads to, without what is empty.
 *
 * @param {HTMLFormElement} form
 */
function addressOf(form) {
  const given = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
  const query = new URLSearchParams(given.filter(([, value]) => value));
  return `${location.pathname}?${query}`;
}

customElements.define("search-as-typed", SearchAsTyped);
