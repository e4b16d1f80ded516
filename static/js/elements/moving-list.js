// The list "On its way", with its total: in the header, in the title of the tab, and spoken.

import { count, speed, timeLeft } from "../lib/format.js";
import { Meter } from "../uploads/meter.js";
import { MovingRow } from "./moving-row.js";

// Ten thousand files must not freeze the page: so many rows, drawn so often.
const MOST_ROWS = 200;
const DRAW_EVERY_MS = 250;
const SPEAK_EVERY_MS = 6000;

export class MovingList {
  #parts;
  #queue;
  #actions;
  #rows = new Map();
  #changed = new Set();
  #meter = new Meter();
  #timer = null;
  #drawnAt = -Infinity;
  #spokenAt = -Infinity;
  #pageTitle = document.title;

  /** `parts`: the elements moving, title, list, rest, total, voice, choose and row (a template); `actions`: see moving-row.js. */
  constructor(parts, queue, actions) {
    this.#parts = parts;
    this.#queue = queue;
    this.#actions = actions;
    queue.addEventListener("change", ({ detail }) => this.#note(detail));
    queue.addEventListener("idle", () => this.#finish());
  }

  #note(upload) {
    this.#changed.add(upload);
    this.#schedule();
  }

  #schedule() {
    // Not requestAnimationFrame, which stands still in a hidden tab, whose title is still read.
    this.#timer ??= setTimeout(() => this.#draw(), Math.max(0, this.#drawnAt + DRAW_EVERY_MS - performance.now()));
  }

  #finish() {
    this.#meter = new Meter();
    this.#spokenAt = -Infinity;
    this.#schedule();
  }

  #draw() {
    this.#timer = null;
    this.#drawnAt = performance.now();
    for (const upload of this.#changed) this.#drawUpload(upload);
    this.#changed.clear();
    this.#fill();
    this.#drawTotal();
  }

  #drawUpload(upload) {
    const row = this.#rows.get(upload);
    if (upload.state === "cancelled") this.#remove(upload);
    else if (row) row.render();
    else if (!upload.isOver || upload.state === "failed") this.#add(upload);
  }

  /** Show a row more; where there are enough, in place of one that is missed least. */
  #add(upload) {
    if (this.#rows.size >= MOST_ROWS) {
      const least = this.#find("ready") ?? (upload.state !== "waiting" && this.#find("waiting"));
      if (!least) return false;
      this.#remove(least);
    }
    const row = new MovingRow(this.#parts.row, upload, this.#actions);
    this.#rows.set(upload, row);
    this.#parts.list.append(row.element);
    return true;
  }

  #find(state) {
    for (const [upload, row] of this.#rows) {
      if (upload.state === state && !row.isKept) return upload;
    }
    return null;
  }

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

  /** Show what waits or failed, as far as there is room. */
  #fill() {
    if (this.#rows.size === this.#queue.uploads.size) return;
    for (const upload of this.#queue.uploads) {
      if (upload.state !== "ready" && !this.#rows.has(upload) && !this.#add(upload)) return;
    }
  }

  #drawTotal() {
    const { moving, title, rest, total, voice } = this.#parts;
    const hidden = this.#queue.uploads.size - this.#rows.size;
    moving.hidden = this.#rows.size === 0;
    rest.hidden = hidden === 0;
    rest.textContent = `and ${count(hidden, "more file")}, waiting or arrived`;
    const { words, percent } = this.#summary();
    total.textContent = words;
    title.textContent = this.#queue.isBusy ? "On its way" : "Just sent";
    document.title = this.#queue.isBusy ? `${percent} % · ${this.#pageTitle}` : this.#pageTitle;
    if (performance.now() - this.#spokenAt < SPEAK_EVERY_MS) return;
    this.#spokenAt = performance.now();
    voice.textContent = words;
  }

  #summary() {
    const { count: files, ready, failed, size, sent } = this.#queue.totals;
    // 100 % is said when all has arrived, not when the last byte has left.
    const percent = size ? Math.min(99, Math.floor((100 * sent) / size)) : 0;
    const stopped = failed ? ` · ${failed.toLocaleString("en")} stopped` : "";
    if (!this.#queue.isBusy) return { percent, words: files ? `${count(ready, "file")} arrived${stopped}` : "" };
    this.#meter.note(sent, performance.now());
    const left = this.#meter.secondsFor(size - sent);
    const pace = left === null ? "" : ` · ${speed(this.#meter.speed)} · ${timeLeft(left)}`;
    return {
      percent,
      words: `${ready.toLocaleString("en")} of ${count(files, "file")}${stopped} · ${percent} %${pace}`,
    };
  }
}
