/**
 * <live-parts data-url="…" data-version="…" data-parts="#links, #files"> around a live region: asks every few seconds
 * whether anything has happened that the page shows, and renews these parts of it. Only while the page is looked at,
 * or once a minute where somebody wants to be notified, and until its person is signed out. The rows of a table of links say which links are meant. Without script a reload
 * does the same.
 */

import { ask, NetworkError } from "../lib/network.js";
import { wantsNotices } from "../lib/notices.js";
import { delayAfter, sleep } from "../lib/retry.js";

/** @typedef {import("../views/renewal.js").Renewal} Renewal */

const ASKED_EVERY = 3000; // milliseconds, as all of these
const TIMEOUT = 30_000;
const LONGEST_DELAY = 60_000;
const ASKED_UNSEEN_EVERY = 60_000;

export class LiveParts extends HTMLElement {
  // Ends when the element leaves the page, or its person is signed out.
  #stop = new AbortController();
  // Answers in a row that did not come.
  #failures = 0;
  // From the first change on.
  /** @type {Renewal | undefined} */
  #renewal;
  // The address of the page that came last: not all of it may be shown yet.
  #url = "";

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#url = urlOf(this, document);
    this.#watch(signal).catch((error) => signal.aborted || reportError(error));
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** @param {AbortSignal} signal */
  async #watch(signal) {
    for (;;) {
      await sleep(this.#delay, signal, globalThis);
      await shown(signal);
      try {
        await this.#look(signal);
        this.#failures = 0;
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        this.#failures += 1;
      }
    }
  }

  get #delay() {
    if (!this.#failures) return ASKED_EVERY;
    return Math.min(LONGEST_DELAY, ASKED_EVERY + 2 * delayAfter(this.#failures));
  }

  /** @param {AbortSignal} signal */
  async #look(signal) {
    const { status } = await this.#ask(this.#url, { "If-None-Match": `"${this.dataset.version}"` }, signal);
    if (status === 200) await this.#renew(signal);
    else this.#renewal?.goOn();
  }

  /** @param {AbortSignal} signal */
  async #renew(signal) {
    const { text } = await this.#ask(location.href, { Accept: "text/html" }, signal);
    const page = new DOMParser().parseFromString(text, "text/html");
    const renewed = page.querySelector("live-parts");
    const voice = this.querySelector("[role=status]");
    if (!(renewed instanceof HTMLElement && voice instanceof HTMLElement)) return this.#stop.abort();
    const { Renewal } = await import("../views/renewal.js").catch(unanswered);
    this.#renewal ??= new Renewal((this.dataset.parts ?? "").split(", "), voice);
    this.#renewal.take(page);
    this.dataset.version = renewed.dataset.version;
    this.#url = urlOf(renewed, page);
  }

  /**
   * Throws NetworkError where the site gives no answer for now, and the signal's reason where it gives none any more.
   *
   * @param {string} url
   * @param {Record<string, string>} headers
   * @param {AbortSignal} signal
   */
  async #ask(url, headers, signal) {
    const answer = await ask(url, { headers, signal, cache: "no-store", redirect: "manual", timeout: TIMEOUT });
    if (answer.status === 200 || answer.status === 304) return answer;
    if (answer.status === 429 || answer.status >= 500) throw new NetworkError(answer.status);
    // Redirected to the page to sign in at, or what the page shows is gone.
    this.#stop.abort();
    throw signal.reason;
  }
}

/**
 * Throw NetworkError: a module could not be loaded.
 *
 * @param {unknown} cause
 * @returns {never}
 */
function unanswered(cause) {
  throw new NetworkError(cause);
}

/**
 * Return what a page asks, with the ids of the links that it shows in rows.
 *
 * @param {HTMLElement} element its <live-parts>
 * @param {Document} page
 */
function urlOf({ dataset }, page) {
  const links = [...page.querySelectorAll("tr[id^=link-]")].map(({ id }) => ["link", id.replace("link-", "")]);
  return links.length ? `${dataset.url}?${new URLSearchParams(links)}` : `${dataset.url}`;
}

/**
 * Resolve as soon as somebody looks at the page, or after a while if they want to be notified. Reject with the signal's reason if that aborts first.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function shown(signal) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (document.visibilityState === "visible") resolve();
    };
    document.addEventListener("visibilitychange", look, { signal });
    if (wantsNotices()) setTimeout(resolve, ASKED_UNSEEN_EVERY);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    look();
  });
}

customElements.define("live-parts", LiveParts);
