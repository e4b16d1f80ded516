// The list "Uploading": what was chosen at once is one row, the newest first, as many as a page can bear.

import { interpolate, ngettext } from "../lib/translation.js";
import { BatchRow } from "./batch-row.js";
import { partsOf } from "./parts.js";
import { Rows } from "./rows.js";
import { UploadDock } from "./upload-dock.js";
import { UploadRow } from "./upload-row.js";
import { UploadTotal } from "./upload-total.js";

/** @typedef {import("../uploads/batch.js").Batch} Batch */
/** @typedef {import("../uploads/queue.js").Queue} Queue */
/** @typedef {import("../uploads/upload.js").Upload} Upload */
/** @typedef {import("./copy-link.js").Link} Link */

// So many rows, made so many at a time, and drawn so often: sending must not wait for that.
const MAX_ROWS = 100;
const MADE_AT_ONCE = 25;
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
  #dock;
  /** @type {Rows<Batch, BatchRow | UploadRow>} */
  #rows;
  // Those that are to be drawn again.
  /** @type {Set<Upload>} */
  #changed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #drawnAt = -Infinity;

  /**
   * @param {HTMLElement} host the element with the parts uploads, list, rest and choose, the templates batch and row, and
   *   the parts of upload-total.js and upload-dock.js
   * @param {Queue} queue
   * @param {{
   *   one: import("./upload-row.js").Actions["link"],
   *   batch: import("./upload-row.js").Actions["linkBatch"],
   *   all: () => Promise<Link>,
   *   mail: import("./upload-row.js").Actions["mail"],
   * }} links each promises a link of the API, or mails one
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
      clear: (upload) => queue.clear(queue.batchOf(upload)),
      sendAnyway: (upload) => queue.sendAnyway(upload),
      link: links.one,
      linkBatch: links.batch,
      mail: links.mail,
    };
    const { list, choose } = this.#parts;
    this.#rows = new Rows(list, { make: (batch) => this.#makeRow(batch), fallback: choose });
    this.#total = new UploadTotal(host, queue, links.all);
    this.#dock = new UploadDock(host, queue, {
      rowOf: (batch) => this.#rows.get(batch),
      onsight: () => this.#schedule(),
    });
    queue.on("change", (upload) => this.#markChanged(upload));
    queue.on("clear", () => this.#schedule());
    queue.on("idle", () => this.#finish());
    setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** @param {Upload} upload */
  #markChanged(upload) {
    this.#changed.add(upload);
    this.#schedule();
  }

  #look() {
    if (!this.#queue.isBusy) return;
    for (const upload of this.#queue.active) if (upload.isSending) this.#changed.add(upload);
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
    const changed = this.#changed;
    this.#changed = new Set();
    const batches = new Set([...changed].map((upload) => this.#queue.batchOf(upload)));
    for (const batch of batches) this.#drawBatch(batch, changed);
    const wanted = this.#wanted();
    if (!this.#rows.show(wanted, MADE_AT_ONCE)) this.#schedule();
    const { uploads, rest } = this.#parts;
    const hidden = this.#queue.batches.size - wanted.length;
    uploads.hidden = !wanted.length;
    rest.hidden = !hidden;
    rest.textContent = interpolate(ngettext("and %(n)s earlier upload", "and %(n)s earlier uploads", hidden), {
      n: hidden,
    });
    this.#dock.draw(this.#total.draw());
  }

  /**
   * @param {Batch} batch
   * @param {Set<Upload>} changed
   */
  #drawBatch(batch, changed) {
    const row = this.#rows.get(batch);
    // Another file was found beside the one that had a row of its own.
    if (row instanceof UploadRow && batch.isMany) this.#rows.remove(batch);
    else if (batch.uploads.size) row?.render(changed);
  }

  /** @param {Batch} batch */
  #makeRow(batch) {
    const { choose: fallback } = this.#parts;
    if (batch.isMany) return new BatchRow(this.#host, batch, { queue: this.#queue, actions: this.#actions, fallback });
    const [upload] = batch.uploads;
    return new UploadRow(this.#host, upload, this.#actions, { isAlone: true });
  }

  /** Return the newest batches, and those that would be missed: of which a file failed, or the link is shown. */
  #wanted() {
    const batches = [...this.#queue.batches].reverse();
    const isMissed = (/** @type {Batch} */ batch) => batch.hasFailures || this.#rows.get(batch)?.isKept;
    return batches.filter((batch, index) => index < MAX_ROWS || isMissed(batch));
  }
}
