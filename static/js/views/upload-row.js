// One upload as a row of the list of uploads.

import { portion, size, speed, timeLeft } from "../lib/format.js";
import { visible } from "../lib/names.js";
import { gettext, interpolate } from "../lib/translation.js";
import { Meter } from "../uploads/meter.js";
import { copyLink } from "./copy-link.js";
import { PanelButton } from "./panel-button.js";
import { copyOf, partsOf } from "./parts.js";
import { isInUse, onPress } from "./row-actions.js";

/** @typedef {import("../uploads/batch.js").Batch} Batch */
/** @typedef {import("../uploads/upload.js").Upload} Upload */
/** @typedef {import("../uploads/upload-links.js").Rules} Rules */
/** @typedef {import("./copy-link.js").Link} Link */

/**
 * Actions of a row's buttons; `link` and `linkBatch` promise a link of the API.
 *
 * @typedef {{
 *   pause: (upload: Upload) => void,
 *   resume: (upload: Upload) => void,
 *   cancel: (upload: Upload) => void,
 *   sendAnyway: (upload: Upload) => void,
 *   clear: (upload: Upload) => void,
 *   link: (upload: Upload, rules?: Rules) => Promise<Link>,
 *   linkBatch: (batch: Batch, rules?: Rules) => Promise<Link>,
 *   mail: (link: Link, recipients: schema.RecipientsIn) => Promise<schema.RecipientsOut>,
 * }} Actions
 */

const PARTS = {
  name: HTMLElement,
  folder: HTMLElement,
  path: HTMLElement,
  figures: HTMLElement,
  words: HTMLElement,
  problem: HTMLElement,
  bar: HTMLProgressElement,
  page: HTMLAnchorElement,
  copy: HTMLButtonElement,
  options: HTMLButtonElement,
  pause: HTMLButtonElement,
  resume: HTMLButtonElement,
  retry: HTMLButtonElement,
  anyway: HTMLButtonElement,
  reload: HTMLButtonElement,
  cancel: HTMLButtonElement,
  link: HTMLElement,
  address: HTMLInputElement,
  copied: HTMLElement,
  rules: HTMLAnchorElement,
};

export class UploadRow {
  #upload;
  #parts;
  #makeLink;
  #isAlone;
  #meter = new Meter();

  /**
   * @param {HTMLElement} host the element with the template "row"
   * @param {Upload} upload
   * @param {Actions} actions
   * @param {{ isAlone?: boolean }} options `isAlone`: it is no part of a batch that is cleared as a whole
   */
  constructor(host, upload, actions, { isAlone = false } = {}) {
    this.#upload = upload;
    this.#isAlone = isAlone;
    this.#makeLink = () => actions.link(upload);
    this.element = copyOf(host, "row");
    this.#parts = partsOf(this.element, PARTS);
    this.#name(visible(upload.source.name), visible(upload.source.path));
    const { pause, resume, cancel, retry, anyway, reload, copy } = this.#parts;
    const doToIt = (/** @type {Actions["pause"]} */ act) => () => {
      act(upload);
      this.render();
    };
    onPress(pause, doToIt(actions.pause), [resume]);
    onPress(resume, doToIt(actions.resume), [pause]);
    onPress(anyway, doToIt(actions.sendAnyway), [cancel]);
    cancel.addEventListener("click", () => (upload.state === "ready" ? actions.clear(upload) : actions.cancel(upload)));
    retry.addEventListener("click", () => actions.resume(upload));
    reload.addEventListener("click", () => location.reload());
    copy.addEventListener("click", () => this.copyLink());
    const make = (/** @type {Rules} */ rules) => actions.link(upload, rules);
    const linked = { name: visible(upload.source.name), title: "" };
    const place = (/** @type {HTMLElement} */ panel) => this.element.append(panel);
    new PanelButton(this.#parts.options, place, host, linked, { make, mail: actions.mail });
    this.render();
  }

  /** True if a person would miss it: it shows a link or its options, or has the focus. */
  get isKept() {
    return isInUse(this.element, this.#parts);
  }

  /** Make and copy its link, and return what is said of that. */
  copyLink() {
    return copyLink(this.#parts, this.#makeLink());
  }

  render() {
    const { state, record, problem, sent } = this.#upload;
    if (state === "uploading") this.#meter.note(sent, performance.now());
    this.element.dataset.state = this.#upload.isWaiting ? "held" : state;
    this.#renderWords();
    this.#renderButtons();
    const { bar, page } = this.#parts;
    bar.value = this.#upload.size ? Math.min(1, sent / this.#upload.size) : Number(state === "ready");
    bar.hidden = state === "ready" || (state === "failed" && !sent);
    page.hidden = state !== "ready";
    if (state === "ready" && record) page.href = record.file.url;
    this.#parts.problem.hidden = !problem;
    setText(this.#parts.problem, problem?.text ?? "");
  }

  #renderWords() {
    const { figures, words } = this.#status();
    setText(this.#parts.figures, figures);
    setText(this.#parts.words, words);
  }

  #renderButtons() {
    const { state, record, problem } = this.#upload;
    const { copy, options, pause, resume, retry, anyway, reload, cancel } = this.#parts;
    copy.hidden = !record || state === "failed";
    options.hidden = copy.hidden;
    pause.hidden = !this.#upload.canStop;
    resume.hidden = state !== "paused";
    retry.hidden = !problem?.canRetry;
    reload.hidden = !problem?.isFault;
    anyway.hidden = !this.#upload.canSendAnyway;
    cancel.hidden = state === "finishing" || (state === "ready" && !this.#isAlone);
    setText(cancel, cancelWords(state));
  }

  /** Put the focus where it was in a row beside that went away, or on its first button. */
  focus() {
    const { cancel } = this.#parts;
    const first = this.element.querySelector(".upload-actions > :not([hidden])");
    const button = cancel.hidden ? first : cancel;
    if (button instanceof HTMLElement) button.focus();
  }

  /**
   * @param {string} name
   * @param {string} path
   */
  #name(name, path) {
    const { name: title, folder, path: where, bar, address, rules } = this.#parts;
    title.textContent = name;
    where.textContent = path;
    if (!path) folder.remove();
    bar.setAttribute("aria-label", name);
    address.setAttribute("aria-label", interpolate(gettext("Link to %(name)s"), { name }));
    const { page, copy, options, pause, resume, retry, anyway, cancel } = this.#parts;
    for (const described of [rules, page, copy, options, pause, resume, retry, anyway, cancel]) {
      described.setAttribute("aria-description", name);
    }
  }

  /**
   * Return what is counted, and what is said of it.
   *
   * @returns {{ figures: string, words: string }}
   */
  #status() {
    const { state, record, sent, size: whole, compared, isWaiting, isDuplicate } = this.#upload;
    const far = sent && sent < whole ? portion(sent, whole) : size(whole);
    if (state === "waiting") return { figures: far, words: gettext("Waiting") };
    if (state === "paused") return { figures: far, words: gettext("Paused") };
    if (state === "finishing") return { figures: far, words: gettext("Verifying") };
    if (state === "ready") return { figures: far, words: arrival(record?.file.check ?? "", isDuplicate) };
    if (state === "failed") return { figures: far, words: gettext("Failed") };
    if (isWaiting) {
      const isOnline = navigator.onLine;
      const words = isOnline ? gettext("No answer. Resumes by itself.") : gettext("Offline. Resumes by itself.");
      return { figures: far, words };
    }
    if (compared !== null) {
      return { figures: portion(compared, whole), words: gettext("Comparing with the file uploaded before") };
    }
    const left = this.#meter.secondsFor(whole - sent);
    if (!sent) return { figures: far, words: gettext("Starting") };
    if (left === null) return { figures: far, words: gettext("No progress right now") };
    return { figures: `${far} · ${speed(this.#meter.speed)} · ${timeLeft(left)}`, words: "" };
  }
}

/** @param {Upload["state"]} state */
function cancelWords(state) {
  if (state === "ready") return gettext("Clear");
  return state === "failed" ? gettext("Remove") : gettext("Cancel");
}

/** @type {Record<string, string>} */
const ARRIVED = {
  "": gettext("✓ Uploaded"),
  sha256: gettext("✓ Uploaded, every byte verified"),
  size: gettext("✓ Uploaded, size verified"),
};

// A file that arrived before was compared with the digests of that time. The bucket may have verified those, or not.
/** @type {Record<string, string>} */
const ARRIVED_BEFORE = {
  "": gettext("✓ Uploaded before"),
  sha256: gettext("✓ Uploaded before, every byte verified again"),
  size: gettext("✓ Uploaded before with the same checksum; its size was verified"),
};

/**
 * @param {string} check
 * @param {boolean} isDuplicate
 */
function arrival(check, isDuplicate) {
  const texts = isDuplicate ? ARRIVED_BEFORE : ARRIVED;
  return texts[check] ?? texts[""];
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
