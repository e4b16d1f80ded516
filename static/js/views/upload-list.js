// The list "On its way": a row for each upload, as many as a page can bear.

import { interpolate, ngettext } from "../lib/translation.js";
import { partsOf } from "./parts.js";
import { UploadRow } from "./upload-row.js";
import { UploadTotal } from "./upload-total.js";

/** @typedef {import("../uploads/queue.js").Queue} Queue */
/** @typedef {import("../uploads/upload.js").Upload} Upload */
/** @typedef {import("./copy-link.js").Link} Link */

// Ten thousand files must not freeze the page, nor take the time of those who send them: so many rows, drawn so often.
const MAX_ROWS = 100;
const DRAW_EVERY_MS = 250;
const DRAW_MANY_EVERY_MS = 1000;
// Where nothing moves, nothing changes either: a speed that is no longer true must go all the same.
const LOOK_EVERY_MS = 1000;

export class UploadList {
  #host;
  #parts;
  #queue;
  /** @type {import("./upload-row.js").Actions} */
  #actions;
  #total;
  /** @type {Map<Upload, UploadRow>} */
  #rows = new Map();
  // Those that are to be drawn again.
  /** @type {Set<Upload>} */
  #changed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #drawnAt = -Infinity;

  /**
   * @param {HTMLElement} host the element with the parts uploads, list, rest, choose and row, and those of upload-total.js
   * @param {Queue} queue
   * @param {{ one: (upload: Upload) => Promise<Link>, all: () => Promise<Link> }} links each promises a link of the API
   */
  constructor(host, queue, links) {
    this.#host = host;
    this.#parts = partsOf(host, {
      uploads: HTMLElement,
      list: HTMLElement,
      rest: HTMLElement,
      choose: HTMLButtonElement,
    });
    this.#queue = queue;
    this.#actions = {
      pause: (upload) => queue.pause(upload),
      resume: (upload) => queue.resume(upload),
      cancel: (upload) => queue.cancel(upload),
      sendAnyway: (upload) => queue.sendAnyway(upload),
      link: links.one,
    };
    this.#total = new UploadTotal(host, queue, links.all);
    queue.on("change", (upload) => this.#note(upload));
    queue.on("idle", () => this.#finish());
    setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** @param {Upload} upload */
  #note(upload) {
    this.#changed.add(upload);
    this.#schedule();
  }

  #look() {
    if (!this.#queue.isBusy) return;
    for (const upload of this.#rows.keys()) if (upload.isSending) this.#changed.add(upload);
    this.#schedule();
  }

  #schedule() {
    // Not requestAnimationFrame, which stands still in a hidden tab, whose title is still read.
    const every = this.#queue.uploads.size > MAX_ROWS ? DRAW_MANY_EVERY_MS : DRAW_EVERY_MS;
    this.#timer ??= setTimeout(() => this.#draw(), Math.max(0, this.#drawnAt + every - performance.now()));
  }

  #finish() {
    this.#total.finish();
    this.#schedule();
  }

  #draw() {
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    for (const upload of this.#changed) this.#drawUpload(upload);
    this.#changed.clear();
    this.#fill();
    this.#drawRest();
    this.#total.draw();
  }

  /** @param {Upload} upload */
  #drawUpload(upload) {
    const row = this.#rows.get(upload);
    if (!this.#queue.uploads.has(upload)) this.#remove(upload);
    else if (row) row.render();
    else if (upload.isSending || upload.state === "failed") this.#add(upload);
  }

  /**
   * Show a row more; where there are enough, in place of one that is missed least.
   *
   * @param {Upload} upload
   */
  #add(upload) {
    if (this.#rows.size >= MAX_ROWS) {
      const least = this.#find("ready") ?? this.#find("waiting");
      if (!least) return;
      this.#remove(least);
    }
    const row = new UploadRow(this.#host, upload, this.#actions);
    this.#rows.set(upload, row);
    this.#parts.list.append(row.element);
  }

  /** @param {Upload["state"]} state */
  #find(state) {
    for (const [upload, row] of this.#rows) {
      if (upload.state === state && !row.isKept) return upload;
    }
    return null;
  }

  /** @param {Upload} upload */
  #remove(upload) {
    const row = this.#rows.get(upload);
    if (!row) return;
    const hadFocus = row.element.contains(document.activeElement);
    const neighbour = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    this.#rows.delete(upload);
    if (!hadFocus) return;
    const next = [...this.#rows.values()].find(({ element }) => element === neighbour);
    if (next) next.focus();
    else this.#parts.choose.focus();
  }

  /** Show the others, as far as there is room. */
  #fill() {
    if (this.#rows.size === this.#queue.uploads.size) return;
    for (const upload of this.#queue.uploads) {
      if (this.#rows.size >= MAX_ROWS) return;
      if (!this.#rows.has(upload)) this.#add(upload);
    }
  }

  #drawRest() {
    const { uploads, rest } = this.#parts;
    const hidden = this.#queue.uploads.size - this.#rows.size;
    uploads.hidden = this.#rows.size === 0;
    rest.hidden = hidden === 0;
    const words = ngettext("and %(n)s more file", "and %(n)s more files", hidden);
    rest.textContent = interpolate(words, { n: hidden });
  }
}
