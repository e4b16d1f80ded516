// A batch as one line of the list "Uploading", which opens to its files.

import { visible } from "../lib/names.js";
import { andMore, cut } from "../lib/text.js";
import { gettext, interpolate, ngettext } from "../lib/translation.js";
import { Meter } from "../uploads/meter.js";
import { totalsOf } from "../uploads/totals.js";
import { cancelAll, pauseAll, possible, resumeAll, retryAll } from "./bulk-actions.js";
import { copyLink } from "./copy-link.js";
import { PanelButton } from "./panel-button.js";
import { copyOf, partsOf } from "./parts.js";
import { paceWords, progressWords } from "./progress-words.js";
import { isInUse, onPress } from "./row-actions.js";
import { Rows } from "./rows.js";
import { UploadRow } from "./upload-row.js";

/** @typedef {import("../uploads/batch.js").Batch} Batch */
/** @typedef {import("../uploads/queue.js").Queue} Queue */
/** @typedef {import("../uploads/totals.js").Totals} Totals */
/** @typedef {import("../uploads/upload.js").Upload} Upload */
/** @typedef {import("../uploads/upload-links.js").Rules} Rules */
/** @typedef {import("./upload-row.js").Actions} Actions */

// A batch of so many files is open from the beginning.
const OPEN_UP_TO = 5;
// Ten thousand files must not freeze the page: so many rows, made so many at a time.
const MAX_ROWS = 100;
const MADE_AT_ONCE = 25;
// Of a file that stands for the others, in code points.
const LONGEST_NAME = 60;
// While it is closed, so many that failed are shown.
const MAX_FAILED = 5;

const PARTS = {
  toggle: HTMLButtonElement,
  name: HTMLElement,
  figures: HTMLElement,
  bar: HTMLProgressElement,
  line: HTMLElement,
  copy: HTMLButtonElement,
  options: HTMLButtonElement,
  pause: HTMLButtonElement,
  resume: HTMLButtonElement,
  retry: HTMLButtonElement,
  cancel: HTMLButtonElement,
  clear: HTMLButtonElement,
  link: HTMLElement,
  address: HTMLInputElement,
  copied: HTMLElement,
  rules: HTMLAnchorElement,
  files: HTMLElement,
  "files-rest": HTMLElement,
};

export class BatchRow {
  #batch;
  #parts;
  #rows;
  #mayLink;
  #meter = new Meter();
  #makeLink;
  /** @type {boolean | null} */
  #isOpen = null;

  /**
   * @param {HTMLElement} host the element with the templates "batch" and "row", and the part "choose"
   * @param {Batch} batch
   * @param {{ queue: Queue, actions: Actions, fallback: HTMLElement }} options `fallback` takes the focus of the last row
   */
  constructor(host, batch, { queue, actions, fallback }) {
    this.#batch = batch;
    this.#mayLink = "links" in host.dataset;
    this.element = copyOf(host, "batch");
    this.#parts = partsOf(this.element, PARTS);
    this.#makeLink = () => actions.linkBatch(batch);
    const make = (/** @type {Upload} */ upload) => new UploadRow(host, upload, actions);
    this.#rows = new Rows(this.#parts.files, { make, fallback });
    const { toggle, line, copy, options, pause, resume, retry, cancel, clear } = this.#parts;
    const { uploads } = batch;
    toggle.addEventListener("click", () => this.#toggle());
    copy.addEventListener("click", () => this.copyLink());
    const makeLink = (/** @type {Rules} */ rules) => actions.linkBatch(batch, rules);
    const linked = {
      // When the panel is opened, since more may still come.
      get name() {
        return nameOf(batch, uploads.size);
      },
      title: batch.folder,
    };
    const place = (/** @type {HTMLElement} */ panel) => line.append(panel);
    new PanelButton(options, place, host, linked, { make: makeLink, mail: actions.mail });
    const doToAll = (/** @type {typeof pauseAll} */ act) => () => {
      act(queue, uploads);
      this.render(new Set());
    };
    onPress(pause, doToAll(pauseAll), [resume, toggle]);
    onPress(resume, doToAll(resumeAll), [pause, toggle]);
    onPress(retry, doToAll(retryAll), [cancel, toggle]);
    onPress(cancel, doToAll(cancelAll), [clear, toggle]);
    clear.addEventListener("click", () => queue.clear(batch));
    this.render(new Set());
  }

  /** True if a person would miss it: it shows a link or its options, or has the focus. */
  get isKept() {
    return isInUse(this.element, this.#parts);
  }

  /** Make and copy its link, and return what is said of that. */
  copyLink() {
    return copyLink(this.#parts, this.#makeLink());
  }

  focus() {
    this.#parts.toggle.focus();
  }

  /** @param {Set<Upload>} changed those of the page's uploads that have changed */
  render(changed) {
    const totals = totalsOf(this.#batch.uploads);
    this.#isOpen ??= totals.count <= OPEN_UP_TO;
    this.#renderName(totals);
    this.#renderLine(totals);
    this.#renderButtons();
    this.#renderFiles(changed);
  }

  /** @param {Totals} totals */
  #renderName({ count }) {
    const { name, toggle, bar, address, copy, options, pause, resume, retry, cancel, clear, rules } = this.#parts;
    const text = nameOf(this.#batch, count);
    if (name.textContent === text) return;
    name.textContent = text;
    bar.setAttribute("aria-label", text);
    address.setAttribute("aria-label", interpolate(gettext("Link to %(name)s"), { name: text }));
    toggle.title = gettext("Show or hide the files");
    for (const described of [copy, options, pause, resume, retry, cancel, clear, rules]) {
      described.setAttribute("aria-description", text);
    }
  }

  /** @param {Totals} totals */
  #renderLine(totals) {
    const { figures, bar } = this.#parts;
    const { isOver } = this.#batch;
    const isMoving = !isOver && totals.ready + totals.failed + totals.paused < totals.count;
    const words = progressWords(totals, { isOver }) + (isMoving ? paceWords(totals, this.#meter) : "");
    if (figures.textContent !== words) figures.textContent = words;
    bar.value = totals.size ? Math.min(1, totals.sent / totals.size) : Number(isOver);
    bar.hidden = isOver;
    this.element.dataset.state = this.#state(totals, isMoving);
  }

  /**
   * @param {Totals} totals
   * @param {boolean} isMoving
   */
  #state({ failed, paused }, isMoving) {
    if (isMoving) return this.#isHeld ? "held" : "uploading";
    if (paused) return "paused";
    return failed ? "failed" : "ready";
  }

  get #isHeld() {
    const uploads = [...this.#batch.uploads];
    return uploads.some(({ isWaiting }) => isWaiting) && !uploads.some(({ isSending }) => isSending);
  }

  #renderButtons() {
    const { copy, options, pause, resume, retry, cancel, clear } = this.#parts;
    const can = possible(this.#batch.uploads);
    copy.hidden = !this.#mayLink || ![...this.#batch.uploads].some(({ record, state }) => record && state !== "failed");
    options.hidden = copy.hidden;
    pause.hidden = !can.pause;
    resume.hidden = !can.resume;
    retry.hidden = !can.retry;
    cancel.hidden = !can.cancel;
    clear.hidden = !this.#batch.isOver;
  }

  /** @param {Set<Upload>} changed */
  #renderFiles(changed) {
    const { toggle, files, "files-rest": rest } = this.#parts;
    const wanted = this.#wanted();
    toggle.setAttribute("aria-expanded", String(this.#isOpen));
    for (const upload of this.#rows.keys()) if (changed.has(upload)) this.#rows.get(upload)?.render();
    if (!this.#rows.show(wanted, MADE_AT_ONCE)) setTimeout(() => this.#renderFiles(new Set()));
    files.hidden = !wanted.length;
    const hidden = this.#isOpen ? this.#batch.uploads.size - wanted.length : 0;
    rest.hidden = !hidden;
    rest.textContent = interpolate(ngettext("and %(n)s more file", "and %(n)s more files", hidden), { n: hidden });
  }

  /** Return the files to show: those that failed, where it is closed; else as many as there is room for. */
  #wanted() {
    const uploads = [...this.#batch.uploads];
    if (!this.#isOpen) return uploads.filter(({ state }) => state === "failed").slice(0, MAX_FAILED);
    if (uploads.length <= MAX_ROWS) return uploads;
    const isFirst = (/** @type {Upload} */ upload) =>
      upload.state === "failed" || upload.isSending || this.#rows.get(upload)?.isKept;
    const wanted = new Set(uploads.filter(isFirst).slice(0, MAX_ROWS));
    for (const upload of uploads) if (wanted.size < MAX_ROWS) wanted.add(upload);
    return uploads.filter((upload) => wanted.has(upload));
  }

  #toggle() {
    this.#isOpen = !this.#isOpen;
    this.#renderFiles(new Set());
  }
}

/**
 * Return the folder's name, or that of its first file with the number of the others.
 *
 * @param {Batch} batch
 * @param {number} count
 */
function nameOf({ folder, uploads }, count) {
  if (folder) return visible(folder);
  const [first] = uploads;
  if (!first) return "";
  const name = cut(first.source.name, LONGEST_NAME);
  return andMore([visible(name === first.source.name ? name : `${name}…`)], count - 1);
}
