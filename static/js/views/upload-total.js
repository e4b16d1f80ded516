// How far all uploads are together: in the header of the list, in the title of the tab, and spoken.

import { count, portion, speed, timeLeft, size as weight } from "../lib/format.js";
import { Failures } from "../uploads/failures.js";
import { Meter } from "../uploads/meter.js";
import { copyLink } from "./copy-link.js";

const SPEAK_EVERY_MS = 8000;

export class UploadTotal {
  #parts;
  #queue;
  #meter = new Meter();
  #spokenAt = -Infinity;
  #failures = new Failures();
  #failure = "";
  #failedAt = -Infinity;
  #pageTitle = document.title;
  #batch = null;

  /**
   * `parts`: title, total, total-bar, voice, the buttons pause-all, resume-all, retry-all, cancel-all, and for who may
   * make links copy-all with all-link, all-address, all-copied and all-rules; `makeLink()` promises a link to all.
   */
  constructor(parts, queue, makeLink) {
    this.#parts = parts;
    this.#queue = queue;
    const act = (button, act) => parts[button].addEventListener("click", act);
    act("pause-all", () => this.#each((upload) => upload.canStop && queue.pause(upload)));
    act("resume-all", () => this.#each((upload) => upload.state === "paused" && queue.resume(upload)));
    act("retry-all", () => this.#each((upload) => upload.problem?.canRetry && queue.resume(upload)));
    act("cancel-all", () => this.#cancelAll());
    if (parts["copy-all"]) act("copy-all", () => copyLink(this.#linkParts, makeLink()));
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
    title.textContent = isBusy ? "On its way" : totals.paused ? "Paused" : "Just sent";
    bar.value = totals.size ? totals.sent / totals.size : 0;
    bar.hidden = !isBusy && !totals.paused;
    // 100 % is said when all has arrived, not when the last byte has left.
    const percent = Math.min(99, Math.floor(100 * bar.value));
    document.title = isBusy ? `${percent} % · ${this.#pageTitle}` : this.#pageTitle;
    this.#drawButtons();
    if (this.#parts["copy-all"]) this.#drawLink();
    this.#speak(voice, words);
  }

  /** Now and then how far all is; at once what has failed, and why, which the next words must not cut off. */
  #speak(voice, words) {
    const now = performance.now();
    const failure = this.#failures.fresh(this.#queue.uploads);
    if (failure) [this.#failure, this.#failedAt] = [failure, now];
    if (!failure && now - this.#spokenAt < SPEAK_EVERY_MS) return;
    this.#spokenAt = now;
    voice.textContent = now - this.#failedAt < SPEAK_EVERY_MS ? `${this.#failure} ${words}` : words;
  }

  /** For one file alone its own buttons do. */
  #drawButtons() {
    const can = { "pause-all": 0, "resume-all": 0, "retry-all": 0, "cancel-all": 0 };
    for (const { canStop, state, problem } of this.#queue.uploads) {
      if (canStop) can["pause-all"] += 1;
      if (state === "paused") can["resume-all"] += 1;
      if (problem?.canRetry) can["retry-all"] += 1;
    }
    can["cancel-all"] = can["pause-all"] + can["resume-all"];
    for (const [button, number] of Object.entries(can)) this.#parts[button].hidden = number < 2;
  }

  get #linkParts() {
    const {
      "copy-all": copy,
      "all-link": link,
      "all-address": address,
      "all-copied": copied,
      "all-rules": rules,
    } = this.#parts;
    return { copy, link, address, copied, rules };
  }

  /** As soon as one of several has begun. What is dropped after all have ended gets a link of its own. */
  #drawLink() {
    const { copy, link } = this.#linkParts;
    const { batch } = this.#queue;
    copy.hidden = batch.size < 2 || ![...batch].some(({ record }) => record);
    if (batch !== this.#batch) link.hidden = true;
    this.#batch = batch;
  }

  #words({ count: files, ready, failed, paused, size, sent, there, thereSize }) {
    if (!files) return "";
    const stopped = failed ? ` · ${failed.toLocaleString("en")} stopped` : "";
    const before = there ? `, ${there === ready ? "all" : there.toLocaleString("en")} before` : "";
    if (!this.#queue.isBusy && !paused) return `${count(ready, "file")} arrived${before}${stopped}`;
    const far = ` · ${sent && sent < size ? portion(sent, size) : weight(size)}`;
    return `${ready.toLocaleString("en")} of ${count(files, "file")}${stopped}${far}${this.#limit(size - thereSize, sent - thereSize)}`;
  }

  #limit(size, sent) {
    if (!this.#queue.isBusy) return "";
    this.#meter.note(sent, performance.now());
    const left = this.#meter.secondsFor(size - sent);
    return left === null ? "" : ` · ${speed(this.#meter.speed)} · ${timeLeft(left)}`;
  }

  #cancelAll() {
    const stoppable = [...this.#queue.uploads].filter(({ canStop, state }) => canStop || state === "paused");
    const question = `Cancel ${count(stoppable.length, "file")}? What has arrived of them is dropped.`;
    if (!window.confirm(question)) return;
    for (const upload of stoppable) this.#queue.cancel(upload);
  }

  #each(act) {
    for (const upload of [...this.#queue.uploads]) act(upload);
  }
}
