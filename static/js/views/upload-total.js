// The progress of all uploads together: in the header of the list, in the title of the tab, and spoken.

import { percent } from "../lib/locale.js";
import { gettext } from "../lib/translation.js";
import { Failures } from "../uploads/failures.js";
import { Meter } from "../uploads/meter.js";
import { cancelAll, pauseAll, possible, resumeAll, retryAll } from "./bulk-actions.js";
import { copyLink } from "./copy-link.js";
import { partsOf } from "./parts.js";
import { paceWords, progressWords } from "./progress-words.js";

/** @typedef {import("../uploads/queue.js").Queue} Queue */
/** @typedef {import("../uploads/upload.js").Upload} Upload */
/** @typedef {import("./copy-link.js").Link} Link */
/** @typedef {import("./copy-link.js").LinkParts} LinkParts */

const SPEAK_EVERY_MS = 8000;

const PARTS = {
  title: HTMLElement,
  total: HTMLElement,
  "total-bar": HTMLProgressElement,
  voice: HTMLElement,
  "pause-all": HTMLButtonElement,
  "resume-all": HTMLButtonElement,
  "retry-all": HTMLButtonElement,
  "cancel-all": HTMLButtonElement,
  "clear-all": HTMLButtonElement,
};

export class UploadTotal {
  #parts;
  // Null for who may make no links.
  /** @type {LinkParts | null} */
  #linkParts;
  #queue;
  #meter = new Meter();
  #spokenAt = -Infinity;
  #failures = new Failures();
  // The last words about failed uploads, and their time.
  #failure = "";
  #failedAt = -Infinity;
  #pageTitle = document.title;
  // Those to which the link that is shown leads.
  /** @type {Set<Upload> | null} */
  #linked = null;

  /**
   * @param {HTMLElement} host the element with the parts; those of the link to all are there for who may make links
   * @param {Queue} queue
   * @param {() => Promise<Link>} makeLink promises a link to all
   */
  constructor(host, queue, makeLink) {
    this.#parts = partsOf(host, PARTS);
    this.#linkParts = linkPartsOf(host);
    this.#queue = queue;
    const { uploads } = queue;
    this.#parts["pause-all"].addEventListener("click", () => pauseAll(queue, uploads));
    this.#parts["resume-all"].addEventListener("click", () => resumeAll(queue, uploads));
    this.#parts["retry-all"].addEventListener("click", () => retryAll(queue, uploads));
    this.#parts["cancel-all"].addEventListener("click", () => cancelAll(queue, uploads));
    this.#parts["clear-all"].addEventListener("click", () => queue.clearAll());
    const link = this.#linkParts;
    link?.copy.addEventListener("click", () => copyLink(link, makeLink()));
  }

  /** All has ended: what comes next is measured afresh, and the end is spoken at once. */
  finish() {
    this.#meter = new Meter();
    this.#spokenAt = -Infinity;
  }

  /** Draw it, and return what it says: the heading, the words, and the fraction that is there. */
  draw() {
    const { title, total, voice, "total-bar": bar } = this.#parts;
    const { totals, isBusy, isUnfinished } = this.#queue;
    const words = progressWords(totals, { isOver: !isUnfinished }) + (isBusy ? paceWords(totals, this.#meter) : "");
    total.textContent = words;
    title.textContent = isBusy ? gettext("Uploading") : totals.paused ? gettext("Paused") : gettext("Uploaded");
    bar.value = totals.size ? totals.sent / totals.size : 0;
    bar.hidden = !isUnfinished;
    // 100 % is said when all has arrived, not when the last byte has left.
    const far = percent(Math.min(0.99, bar.value));
    document.title = isBusy ? `${far} · ${this.#pageTitle}` : this.#pageTitle;
    this.#drawButtons();
    if (this.#linkParts) this.#drawLink(this.#linkParts);
    this.#speak(voice, words);
    return { name: title.textContent ?? "", words, fraction: bar.value };
  }

  /**
   * Say now and then how far all is; at once what has failed, and why, which the next words must not cut off.
   *
   * @param {HTMLElement} voice
   * @param {string} words
   */
  #speak(voice, words) {
    const now = performance.now();
    const failure = this.#failures.fresh(this.#queue.uploads);
    if (failure) {
      this.#failure = failure;
      this.#failedAt = now;
    }
    if (!failure && now - this.#spokenAt < SPEAK_EVERY_MS) return;
    this.#spokenAt = now;
    voice.textContent = now - this.#failedAt < SPEAK_EVERY_MS ? `${this.#failure} ${words}` : words;
  }

  /** For one batch alone its own buttons do. */
  #drawButtons() {
    const { uploads, batches } = this.#queue;
    const isOne = batches.size < 2;
    const can = possible(uploads);
    this.#parts["pause-all"].hidden = isOne || can.pause < 2;
    this.#parts["resume-all"].hidden = isOne || can.resume < 2;
    this.#parts["retry-all"].hidden = isOne || can.retry < 2;
    this.#parts["cancel-all"].hidden = isOne || can.cancel < 2;
    this.#parts["clear-all"].hidden = isOne || ![...batches].some(({ isOver }) => isOver);
  }

  /**
   * Offer it as soon as one of several batches has begun. What is dropped after all have ended gets a link of its own.
   *
   * @param {LinkParts} parts
   */
  #drawLink({ copy, link }) {
    const { active, isOfSeveralBatches } = this.#queue;
    copy.hidden = !isOfSeveralBatches || ![...active].some(({ record }) => record);
    if (active !== this.#linked) link.hidden = true;
    this.#linked = active;
  }
}

/**
 * @param {HTMLElement} host
 * @returns {LinkParts | null}
 */
function linkPartsOf(host) {
  if (!host.querySelector('[data-part="copy-all"]')) return null;
  const parts = partsOf(host, {
    "copy-all": HTMLButtonElement,
    "all-link": HTMLElement,
    "all-address": HTMLInputElement,
    "all-copied": HTMLElement,
    "all-rules": HTMLAnchorElement,
  });
  return {
    copy: parts["copy-all"],
    link: parts["all-link"],
    address: parts["all-address"],
    copied: parts["all-copied"],
    rules: parts["all-rules"],
  };
}
