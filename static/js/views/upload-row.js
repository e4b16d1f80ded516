// One upload as a row of the list "On its way".

import { portion, size, speed, timeLeft } from "../lib/format.js";
import { visible } from "../lib/names.js";
import { Meter } from "../uploads/meter.js";
import { copyLink } from "./copy-link.js";

export class UploadRow {
  #upload;
  #parts = {};
  #meter = new Meter();

  /** `actions`: {pause, resume, cancel, sendAnyway, link}, each given the upload; link promises a Link of the API. */
  constructor(template, upload, actions) {
    this.#upload = upload;
    this.element = template.content.firstElementChild.cloneNode(true);
    for (const part of this.element.querySelectorAll("[data-part]")) this.#parts[part.dataset.part] = part;
    this.#name(visible(upload.source.name), visible(upload.source.path));
    const { pause, resume, cancel, retry, anyway, reload, copy } = this.#parts;
    pause.addEventListener("click", () => this.#swap(pause, resume, () => actions.pause(upload)));
    resume.addEventListener("click", () => this.#swap(resume, pause, () => actions.resume(upload)));
    cancel.addEventListener("click", () => actions.cancel(upload));
    retry.addEventListener("click", () => actions.resume(upload));
    anyway.addEventListener("click", () => this.#swap(anyway, cancel, () => actions.sendAnyway(upload)));
    reload.addEventListener("click", () => location.reload());
    copy.addEventListener("click", () => copyLink(this.#parts, actions.link(upload)));
    this.render();
  }

  /** Whether a person would miss it: it shows a link, or has the focus. */
  get isKept() {
    return !this.#parts.link.hidden || this.element.contains(document.activeElement);
  }

  render() {
    const { state, record, problem, sent } = this.#upload;
    const { bar, figures, page, copy, pause, resume, retry, anyway, reload, cancel, words, problem: why } = this.#parts;
    if (state === "uploading") this.#meter.note(sent, performance.now());
    this.element.dataset.state = this.#upload.isWaiting ? "held" : state;
    const status = this.#status();
    setText(figures, status.figures);
    setText(words, status.words);
    bar.value = this.#upload.size ? Math.min(1, sent / this.#upload.size) : Number(state === "ready");
    bar.hidden = state === "ready" || (state === "failed" && !sent);
    copy.hidden = !record || state === "failed";
    pause.hidden = !this.#upload.canStop;
    resume.hidden = state !== "paused";
    retry.hidden = !problem?.canRetry;
    reload.hidden = !problem?.isFault;
    anyway.hidden = !this.#upload.canSendAnyway;
    cancel.hidden = state === "ready" || state === "finishing";
    setText(cancel, state === "failed" ? "Remove" : "Cancel");
    why.hidden = !problem;
    setText(why, problem?.text ?? "");
    page.hidden = state !== "ready";
    if (state === "ready") page.href = record.file.url;
  }

  /** Put the focus where it was in a row beside that went away, or on its first button. */
  focus() {
    const { cancel } = this.#parts;
    const [first] = this.element.querySelectorAll(".upload-actions > :not([hidden])");
    (cancel.hidden ? first : cancel)?.focus();
  }

  /** One button takes the other's place, and with it the focus. */
  #swap(button, other, act) {
    act();
    this.render();
    if (button.hidden && !other.hidden) other.focus();
  }

  #name(name, path) {
    const { name: title, folder, path: where, bar, address, rules, ...others } = this.#parts;
    title.textContent = name;
    where.textContent = path;
    if (!path) folder.remove();
    bar.setAttribute("aria-label", name);
    address.setAttribute("aria-label", `Link to ${name}`);
    rules.setAttribute("aria-description", name);
    for (const button of ["page", "copy", "pause", "resume", "retry", "anyway", "cancel"]) {
      others[button].setAttribute("aria-description", name);
    }
  }

  /** {figures, words}: what is counted, and what is said of it. */
  #status() {
    const { state, record, sent, size: whole, compared, isWaiting, wasThere } = this.#upload;
    const far = sent && sent < whole ? portion(sent, whole) : size(whole);
    if (state === "waiting") return { figures: far, words: "waiting its turn" };
    if (state === "paused") return { figures: far, words: "paused" };
    if (state === "finishing") return { figures: far, words: "checking what arrived" };
    if (state === "ready") return { figures: far, words: `✓ ${arrival(record.file.check, wasThere)}` };
    if (state === "failed") return { figures: far, words: "stopped" };
    if (isWaiting) return { figures: far, words: `${navigator.onLine ? "no answer" : "offline"}, goes on by itself` };
    if (compared !== null)
      return { figures: portion(compared, whole), words: "compared with the one that arrived before" };
    const left = this.#meter.secondsFor(whole - sent);
    if (!sent) return { figures: far, words: "starting" };
    if (left === null) return { figures: far, words: "nothing moves just now" };
    return { figures: `${far} · ${speed(this.#meter.speed)} · ${timeLeft(left)}`, words: "" };
  }
}

const CHECKED = { sha256: ", every byte checked", size: ", size checked" };

// What arrived before was compared with the digests of that time, and those with what came only where the bucket can.
const CHECKED_AGAIN = { sha256: ", every byte checked again", size: ", with the same checksum; its size was checked" };

function arrival(check, wasThere) {
  return wasThere ? `Arrived before${CHECKED_AGAIN[check] ?? ""}` : `Arrived${CHECKED[check] ?? ""}`;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
