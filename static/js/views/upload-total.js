// The progress of all uploads together: in the header of the list, in the title of the tab, and spoken.

import { portion, size as sizeOf, speed, timeLeft } from "../lib/format.js";
import { percent } from "../lib/locale.js";
import { gettext, interpolate, ngettext } from "../lib/translation.js";
import { Failures } from "../uploads/failures.js";
import { Meter } from "../uploads/meter.js";
import { copyLink } from "./copy-link.js";
import { partsOf } from "./parts.js";

/** @typedef {import("../uploads/queue.js").Queue} Queue */
/** @typedef {import("../uploads/queue.js").Totals} Totals */
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
  // Of which the link that is shown is.
  /** @type {Set<Upload> | null} */
  #batch = null;

  /**
   * @param {HTMLElement} host the element with the parts; those of the link to all are there for who may make links
   * @param {Queue} queue
   * @param {() => Promise<Link>} makeLink promises a link to all
   */
  constructor(host, queue, makeLink) {
    this.#parts = partsOf(host, PARTS);
    this.#linkParts = linkPartsOf(host);
    this.#queue = queue;
    this.#parts["pause-all"].addEventListener("click", () => this.#pauseAll());
    this.#parts["resume-all"].addEventListener("click", () => this.#resumeAll());
    this.#parts["retry-all"].addEventListener("click", () => this.#retryAll());
    this.#parts["cancel-all"].addEventListener("click", () => this.#cancelAll());
    const link = this.#linkParts;
    link?.copy.addEventListener("click", () => copyLink(link, makeLink()));
  }

  /** All has ended: what comes next is measured afresh, and the end is spoken at once. */
  finish() {
    this.#meter = new Meter();
    this.#spokenAt = -Infinity;
  }

  draw() {
    const { title, total, voice, "total-bar": bar } = this.#parts;
    const { totals, isBusy } = this.#queue;
    const words = this.#words(totals);
    total.textContent = words;
    title.textContent = isBusy ? gettext("Uploading") : totals.paused ? gettext("Paused") : gettext("Uploaded");
    bar.value = totals.size ? totals.sent / totals.size : 0;
    bar.hidden = !isBusy && !totals.paused;
    // 100 % is said when all has arrived, not when the last byte has left.
    const far = percent(Math.min(0.99, bar.value));
    document.title = isBusy ? `${far} · ${this.#pageTitle}` : this.#pageTitle;
    this.#drawButtons();
    if (this.#linkParts) this.#drawLink(this.#linkParts);
    this.#speak(voice, words);
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

  /** For one file alone its own buttons do. */
  #drawButtons() {
    const uploads = [...this.#queue.uploads];
    const stoppable = uploads.filter(({ canStop }) => canStop).length;
    const paused = uploads.filter(({ state }) => state === "paused").length;
    const retryable = uploads.filter(({ problem }) => problem?.canRetry).length;
    this.#parts["pause-all"].hidden = stoppable < 2;
    this.#parts["resume-all"].hidden = paused < 2;
    this.#parts["retry-all"].hidden = retryable < 2;
    this.#parts["cancel-all"].hidden = stoppable + paused < 2;
  }

  /**
   * Offer it as soon as one of several has begun. What is dropped after all have ended gets a link of its own.
   *
   * @param {LinkParts} parts
   */
  #drawLink({ copy, link }) {
    const { batch } = this.#queue;
    copy.hidden = batch.size < 2 || ![...batch].some(({ record }) => record);
    if (batch !== this.#batch) link.hidden = true;
    this.#batch = batch;
  }

  /** @param {Totals} totals */
  #words({ count: files, ready, failed, paused, size, sent, there, thereSize, empty }) {
    if (!files) return "";
    const isOver = !this.#queue.isBusy && !paused;
    const words = [
      isOver
        ? interpolate(ngettext("%(n)s file uploaded", "%(n)s files uploaded", ready), { n: ready })
        : interpolate(ngettext("%(n)s of %(all)s file", "%(n)s of %(all)s files", files), { n: ready, all: files }),
      isOver && there && interpolate(gettext("%(n)s before"), { n: there }),
      failed && interpolate(gettext("%(n)s failed"), { n: failed }),
      empty && interpolate(gettext("%(n)s empty (0 bytes)"), { n: empty }),
      !isOver && (sent && sent < size ? portion(sent, size) : sizeOf(size)),
      !isOver && this.#pace(size - thereSize, sent - thereSize),
    ];
    return words.filter(Boolean).join(" · ");
  }

  /**
   * @param {number} size
   * @param {number} sent
   */
  #pace(size, sent) {
    if (!this.#queue.isBusy) return "";
    this.#meter.note(sent, performance.now());
    const left = this.#meter.secondsFor(size - sent);
    return left === null ? "" : `${speed(this.#meter.speed)} · ${timeLeft(left)}`;
  }

  #pauseAll() {
    for (const upload of [...this.#queue.uploads]) if (upload.canStop) this.#queue.pause(upload);
  }

  #resumeAll() {
    for (const upload of [...this.#queue.uploads]) if (upload.state === "paused") this.#queue.resume(upload);
  }

  #retryAll() {
    for (const upload of [...this.#queue.uploads]) if (upload.problem?.canRetry) this.#queue.resume(upload);
  }

  #cancelAll() {
    const stoppable = [...this.#queue.uploads].filter(({ canStop, state }) => canStop || state === "paused");
    const n = stoppable.length;
    const question = interpolate(
      ngettext(
        "Cancel %(n)s file? What is uploaded of it is deleted.",
        "Cancel %(n)s files? What is uploaded of them is deleted.",
        n,
      ),
      { n },
    );
    if (!window.confirm(question)) return;
    for (const upload of stoppable) this.#queue.cancel(upload);
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
