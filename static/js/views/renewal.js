// Renews the parts of a page from the same page as it is now, and says what is new.

import { notify } from "../lib/notices.js";
import { gettext, interpolate, ngettext } from "../lib/translation.js";
import { morph } from "./morph.js";

// So that nobody is talked to all the time.
const SPOKEN_EVERY = 15_000; // milliseconds

/** The parts of a page that are renewed. What somebody works with waits until they have left it. */
export class Renewal {
  #selectors;
  #voice;
  // The last page that came, as long as not all of it is shown.
  /** @type {Document | null} */
  #page = null;
  // The numbers that the page told last, by kind and place.
  #told = numbers(document);
  // Changes not read out yet, by kind.
  /** @type {Map<string, number>} */
  #news = new Map();
  #spokenAt = -SPOKEN_EVERY;

  /**
   * @param {string[]} selectors
   * @param {HTMLElement} voice a live region
   */
  constructor(selectors, voice) {
    this.#selectors = selectors;
    this.#voice = voice;
  }

  /** @param {Document} page the same page, fetched anew */
  take(page) {
    this.#page = page;
    const told = numbers(page);
    for (const [place, { kind, number, name }] of told) {
      // A row that was not on the page before may have turned up by its order alone.
      const before = this.#told.get(place)?.number ?? number;
      if (number > before) this.#news.set(kind, (this.#news.get(kind) ?? 0) + number - before);
      if (number > before && before === 0 && kind === "downloads") {
        notify(interpolate(gettext("“%(name)s” was downloaded for the first time."), { name }));
      }
    }
    this.#told = told;
    this.goOn();
  }

  /** Show what could not be shown until now, and say what is new. */
  goOn() {
    if (this.#page && this.#show(this.#page)) this.#page = null;
    this.#say();
  }

  /**
   * Return true if nothing had to be left as it was.
   *
   * @param {Document} page
   */
  #show(page) {
    let isShown = true;
    for (const selector of this.#selectors) {
      const old = document.querySelector(selector);
      const renewed = page.querySelector(selector);
      if (old && renewed) isShown = morph(old, renewed) && isShown;
    }
    return isShown;
  }

  #say() {
    const words = [...this.#news].map(([kind, number]) => sentence(kind, number)).filter(Boolean);
    if (!words.length || performance.now() - this.#spokenAt < SPOKEN_EVERY) return;
    this.#spokenAt = performance.now();
    this.#news.clear();
    this.#voice.textContent = words.join(" ");
  }
}

/**
 * Return the numbers that a page marks by `data-news`, by kind and place.
 *
 * @param {Document} page
 */
function numbers(page) {
  /** @type {Map<string, { kind: string, number: number, name: string }>} */
  const found = new Map();
  for (const element of page.querySelectorAll("data[data-news]")) {
    if (!(element instanceof HTMLDataElement)) continue;
    const kind = element.dataset.news ?? "";
    const name = (element.closest("tr") ?? page).querySelector(".name, h1")?.textContent?.trim() ?? "";
    found.set(`${kind} ${element.closest("[id]")?.id}`, { kind, number: Number(element.value), name });
  }
  return found;
}

/**
 * @param {string} kind
 * @param {number} n
 */
function sentence(kind, n) {
  switch (kind) {
    case "downloads":
      return interpolate(ngettext("%(n)s new download.", "%(n)s new downloads.", n), { n });
    case "arrivals":
      return interpolate(ngettext("%(n)s new file received.", "%(n)s new files received.", n), { n });
    case "time-requests":
      return gettext("Someone asked for more time.");
    default:
      return "";
  }
}
