/**
 * <arriving-link data-url="…" data-ready="how many files the page offers already"> around what waits for a link's
 * files: asks now and then how far they have come, shows it, and loads the page again when there is more to offer.
 * Without script the page's own "Refresh" does that.
 */

import { portion, timeLeft } from "../lib/format.js";
import { percent } from "../lib/locale.js";
import { ask, NetworkError } from "../lib/network.js";
import { gettext, interpolate } from "../lib/translation.js";
import { partOf } from "../views/parts.js";

/**
 * Progress of a link's files. A link that has ended has none of these fields. Sizes are in bytes.
 *
 * @typedef {{ count: number, ready: number, size: number, arrived: number }} Progress
 */

const FIRST_DELAY = 3000; // milliseconds, as all of these
const LONGEST_DELAY = 60_000;
const SPOKEN_EVERY = 30_000;

export class ArrivingLink extends HTMLElement {
  #delay = FIRST_DELAY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  // Ends what listens while the element is on the page.
  #stop = new AbortController();
  // Bytes that had arrived at the first look, and its time.
  /** @type {{ arrived: number, now: number } | undefined} */
  #first;
  #lastArrived = -1;
  // The last answer, which the server does not repeat.
  #etag = "";
  #lastText = "";
  #spokenAt = -SPOKEN_EVERY;

  connectedCallback() {
    this.#stop = new AbortController();
    document.addEventListener("visibilitychange", () => this.#wake(), { signal: this.#stop.signal });
    this.#wake();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  /** Asks at once in a tab that is looked at, and not at all in another one. */
  #wake() {
    clearTimeout(this.#timer);
    this.#delay = FIRST_DELAY;
    if (document.visibilityState === "visible") this.#look();
  }

  async #look() {
    const answer = await this.#ask();
    if (this.#stop.signal.aborted) return;
    // Not from under somebody who looks at one of the files: that waits until they have closed it.
    if (answer && this.#hasNews(answer) && !document.querySelector("dialog[open]")) {
      location.reload();
      return;
    }
    const hasMoved = Boolean(answer?.count) && answer !== null && this.#show(answer);
    this.#delay = hasMoved ? FIRST_DELAY : Math.min(this.#delay * 1.5, LONGEST_DELAY);
    clearTimeout(this.#timer);
    if (document.visibilityState === "visible") this.#timer = setTimeout(() => this.#look(), this.#delay);
  }

  /**
   * Return what the link answers, or null where there is no answer. A link that has ended answers with its state alone.
   *
   * @returns {Promise<Progress | null>}
   */
  async #ask() {
    const { signal } = this.#stop;
    try {
      const { status, text, etag } = await ask(this.dataset.url ?? "", {
        cache: "no-store",
        headers: this.#etag ? { "If-None-Match": this.#etag } : {},
        signal,
        timeout: LONGEST_DELAY,
      });
      if (status >= 500 || status === 429) return null;
      if (status === 304) return JSON.parse(this.#lastText);
      this.#etag = etag ?? "";
      this.#lastText = text;
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof NetworkError || error instanceof SyntaxError || signal.aborted)) reportError(error);
      return null;
    }
  }

  /**
   * Return whether the link has ended, its first file is there, or all of them are: not each one, since that would
   * interrupt.
   *
   * @param {Progress} progress
   */
  #hasNews({ count, ready }) {
    if (!count) return true;
    const shown = Number(this.dataset.ready);
    return ready > shown && (shown === 0 || ready === count);
  }

  /**
   * Return whether anything has arrived since the last time.
   *
   * @param {Progress} progress
   */
  #show({ size, arrived }) {
    const words = [portion(arrived, size), this.#timeLeft(arrived, size)].filter(Boolean).join(" · ");
    partOf(this, "progress", HTMLElement).hidden = size === 0;
    partOf(this, "bar", HTMLProgressElement).value = size ? arrived / size : 0;
    partOf(this, "figures", HTMLElement).textContent = words;
    this.#speak(interpolate(gettext("%(percent)s uploaded"), { percent: percent(size ? arrived / size : 0) }));
    const hasMoved = arrived > this.#lastArrived;
    this.#lastArrived = arrived;
    return hasMoved;
  }

  /**
   * @param {number} arrived
   * @param {number} size
   */
  #timeLeft(arrived, size) {
    const now = performance.now();
    this.#first ??= { arrived, now };
    const speed = (arrived - this.#first.arrived) / (now - this.#first.now);
    return speed > 0 && arrived < size ? timeLeft((size - arrived) / speed / 1000) : "";
  }

  /** @param {string} words */
  #speak(words) {
    if (performance.now() - this.#spokenAt < SPOKEN_EVERY) return;
    this.#spokenAt = performance.now();
    partOf(this, "voice", HTMLElement).textContent = words;
  }
}

customElements.define("arriving-link", ArrivingLink);
