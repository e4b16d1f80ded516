/**
 * <download-all data-url="where the link's files are spent" data-saver="…" data-packer="…"> around a button and its
 * progress: has all files of a link packed into one archive (packer.js, a worker) and saved (saver.js, a service
 * worker). It stays hidden where no service worker can run: the page lists the files.
 *
 * A `button[data-folder]` anywhere on the page has it do the same with one folder of the link.
 *
 * For one's own files it has a `data-csrf-token`, too, and says which: by `data-query`, such as `link=xyz`, or by the
 * fields of the form whose id is `data-form`.
 */

import { startPacker } from "../archive/start-packer.js";
import { startSaver } from "../archive/start-saver.js";
import { portion } from "../lib/format.js";
import { within } from "../lib/limit.js";
import { andMore } from "../lib/text.js";
import { gettext, interpolate, ngettext } from "../lib/translation.js";
import { partOf } from "../views/parts.js";

/** @typedef {import("../archive/packer.js").ArchiveFile} ArchiveFile */
/** @typedef {import("../archive/packer.js").Told} Told */
/** @typedef {import("../archive/start-packer.js").PackerPort} PackerPort */

/**
 * The site's answer once the link's downloads are spent. `list` is the path of a list of what is missing, `receipt`
 * what URLs are asked for with, `disposition` the Content-Disposition of the archive, `note` what is to be said of it.
 *
 * @typedef {{ files: ArchiveFile[], list: string, receipt: string, disposition: string, note?: string }} Collection
 */

const AWAKE_EVERY = 5000; // milliseconds; browsers end a worker that hears nothing for 30 s
const SILENT = 6; // times in a row that the service worker did not answer: it is gone
const STARTS_WITHIN = 10_000;
const ASKED_WITHIN = 30_000; // by the browser, for the archive; where to save it is chosen later
const SITE_ANSWERS_WITHIN = 60_000;
const ENDS_WITHIN = 2000;
const NOT_HERE = gettext(
  "Downloading everything at once doesn't work in this browser right now. Download the files one by one.",
);
const STOPPED = gettext(
  "The archive is incomplete because the browser stopped saving it. Delete it, then try again or download the files one by one.",
);
const SITE_SILENT = gettext(
  "The site is not answering right now. Try again in a moment, or download the files one by one.",
);
const STORAGE_SILENT = gettext(
  "The storage is not answering right now. Nothing was downloaded or counted. Try again in a moment.",
);
const CANCELLED = gettext("Cancelled. The archive is incomplete: delete it.");
const CLOSED = gettext("The archive is incomplete because the link has ended. Delete it.");
const SIGNED_OUT = gettext("The archive is incomplete because you are no longer signed in. Delete it.");
const LIST_TITLE = gettext("These files could not be downloaded:");
const NAMED = 3;

export class DownloadAll extends HTMLElement {
  /** @type {PackerPort | undefined} */
  #packer;
  // Keeps the service worker awake.
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  // Ends the wait for the next step.
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #start;
  // The reason why it was given up, if not by the person.
  #reason = "";
  /** @type {ArchiveFile[]} */
  #files = [];
  // Is said with all else, such as that some files have not arrived yet.
  #note = "";
  // Asks before the page is left.
  #guard = (/** @type {Event} */ event) => event.preventDefault();

  connectedCallback() {
    // In some apps' own browsers even a look at it throws; then the button says so.
    if (!("serviceWorker" in navigator)) return;
    this.hidden = false;
    this.#begins.addEventListener("click", () => this.#begin());
    for (const button of this.#folders) {
      button.hidden = false;
      button.addEventListener("click", () => this.#begin(button.dataset.folder));
    }
    partOf(this, "cancel", HTMLButtonElement).addEventListener("click", () =>
      this.#packer?.postMessage({ kind: "cancel" }),
    );
  }

  get #begins() {
    return partOf(this, "begin", HTMLButtonElement);
  }

  /** @returns {NodeListOf<HTMLButtonElement>} */
  get #folders() {
    return document.querySelectorAll("button[data-folder]");
  }

  /** @param {boolean} isBusy */
  #disable(isBusy) {
    // So that nothing renews this part of the page meanwhile.
    this.setAttribute("aria-busy", String(isBusy));
    for (const button of [this.#begins, ...this.#folders]) button.disabled = isBusy;
  }

  /** @param {string} folder "" for all */
  async #begin(folder = "") {
    this.#disable(true);
    this.#say("");
    this.#reason = this.#note = "";
    try {
      // Before anything is spent: private windows of some browsers refuse one or the other.
      const saver = await within(STARTS_WITHIN, startSaver(this.dataset.saver ?? "", this.#url));
      const packer = await within(STARTS_WITHIN, startPacker(this.dataset.packer ?? ""));
      this.#packer = packer;
      const answer = await this.#collect(folder);
      if (!answer) return this.#end(SITE_SILENT);
      if (!answer.ok && isJson(answer)) return this.#end((await answer.json()).detail);
      if (answer.status === 503) return this.#end(STORAGE_SILENT);
      if (!answer.ok || answer.redirected) {
        location.reload(); // the page says what has become of the link, or asks to sign in
        return;
      }
      this.#hand(saver, packer, await answer.json());
    } catch {
      this.#end(NOT_HERE);
    }
  }

  get #url() {
    return this.dataset.url ?? "";
  }

  /**
   * Return what a request for one's own files says beside.
   *
   * @returns {RequestInit}
   */
  get #own() {
    const { csrfToken, query, form } = this.dataset;
    if (!csrfToken) return {};
    const body = new URLSearchParams(query);
    const selected = form && document.getElementById(form);
    if (selected instanceof HTMLFormElement) {
      for (const [name, value] of new FormData(selected)) body.append(name, String(value));
    }
    return { body, headers: { "X-CSRFToken": csrfToken } };
  }

  /**
   * Return the site's answer; null where none comes.
   *
   * @param {string} folder
   */
  async #collect(folder) {
    /** @type {RequestInit} */
    const request = { method: "POST", cache: "no-store", ...this.#own };
    if (folder) request.body = new URLSearchParams({ folder });
    try {
      return await within(SITE_ANSWERS_WITHIN, fetch(this.#url, request));
    } catch {
      return null;
    }
  }

  /**
   * Have the packer pack these files, and the service worker save what it packs.
   *
   * @param {ServiceWorker} saver
   * @param {PackerPort} packer
   * @param {Collection} collection
   */
  #hand(saver, packer, { files, list, receipt, disposition, note = "" }) {
    const address = new URL(`${this.#url}${crypto.randomUUID()}.zip`, location.href).href;
    const endpoint = new URL(`${this.#url}urls/`, location.href).href;
    const { port1, port2 } = new MessageChannel();
    this.#files = files;
    this.#note = note;
    this.#say("");
    const hear = (/** @type {MessageEvent<Told>} */ { data }) => this.#hear(data, address);
    packer.addEventListener("message", /** @type {EventListener} */ (hear));
    this.#giveUpAfter(STARTS_WITHIN);
    partOf(this, "status", HTMLElement).hidden = false;
    this.#showProgress(0, 0);
    packer.postMessage({ kind: "pack", endpoint, files, list, title: LIST_TITLE, receipt }, [port1]);
    saver.postMessage({ kind: "begin", address, disposition }, [port2]);
    this.#timer = setInterval(this.#pulse(saver, address), AWAKE_EVERY);
  }

  /**
   * Return what keeps the service worker awake, and gives up once it is gone: what it was saving never ends.
   *
   * @param {ServiceWorker} saver
   * @param {string} address
   */
  #pulse(saver, address) {
    let silent = -Infinity; // one of an earlier version never answers
    return () => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        silent = 0;
        if (!data.isKnown) this.#giveUp(STOPPED);
      };
      silent += 1;
      if (silent > SILENT) this.#giveUp(STOPPED);
      saver.postMessage({ kind: "awake", address }, [port2]);
    };
  }

  /** @param {number} milliseconds */
  #giveUpAfter(milliseconds) {
    clearTimeout(this.#start);
    this.#start = setTimeout(() => this.#giveUp(NOT_HERE), milliseconds);
  }

  /**
   * End it as Cancel does, with these words.
   *
   * @param {string} words
   */
  #giveUp(words) {
    if (this.#reason) return;
    this.#reason = words;
    this.#packer?.postMessage({ kind: "cancel" });
    this.#start = setTimeout(() => this.#end(words), ENDS_WITHIN);
  }

  /**
   * @param {Told} told
   * @param {string} address that of the archive
   */
  #hear(told, address) {
    if (told.kind === "ready") {
      this.#giveUpAfter(ASKED_WITHIN);
      location.assign(address);
    } else if (told.kind === "asked") clearTimeout(this.#start);
    else if (told.kind === "progress") this.#showProgress(told.bytes, told.files);
    else if (told.kind === "done") this.#end(this.#wordsForEnd(told.missing));
    else if (told.kind === "cancelled") this.#end(this.#reason || CANCELLED);
    else if (told.kind === "closed") this.#end(this.dataset.csrfToken ? SIGNED_OUT : CLOSED);
    else if (told.kind === "failed") this.#end(wordsForBroken(told.broken));
  }

  /**
   * @param {number} bytes
   * @param {number} files
   */
  #showProgress(bytes, files) {
    const whole = this.#files.reduce((sum, file) => sum + file.size, 0);
    partOf(this, "bar", HTMLProgressElement).value = whole ? bytes / whole : 0;
    partOf(this, "figures", HTMLElement).textContent = progressWords(portion(bytes, whole), files, this.#files.length);
    // Not before the first bytes: the download itself begins as a navigation, which must not be asked about.
    if (bytes) addEventListener("beforeunload", this.#guard);
  }

  /** @param {string[]} missing paths */
  #wordsForEnd(missing) {
    const all = this.#files.length;
    if (!missing.length) {
      const words = ngettext("The file is in the archive.", "All %(n)s files are in the archive.", all);
      return interpolate(words, { n: all });
    }
    const there = all - missing.length;
    const paths = missing.slice(0, NAMED).map((path) => `“${path}”`);
    const words = ngettext(
      "%(n)s of %(all)s files is in the archive. It also has a list of what could not be fetched: %(names)s.",
      "%(n)s of %(all)s files are in the archive. It also has a list of what could not be fetched: %(names)s.",
      there,
    );
    return interpolate(words, { n: there, all, names: andMore(paths, missing.length - paths.length) });
  }

  /** @param {string} words */
  #end(words) {
    clearInterval(this.#timer);
    clearTimeout(this.#start);
    removeEventListener("beforeunload", this.#guard);
    this.#packer?.terminate();
    partOf(this, "status", HTMLElement).hidden = true;
    this.#disable(false);
    this.#say(words);
  }

  /** @param {string} words */
  #say(words) {
    partOf(this, "word", HTMLElement).textContent = [words, this.#note].filter(Boolean).join(" ");
  }
}

/** @param {Response} answer */
function isJson(answer) {
  return answer.headers.get("Content-Type")?.startsWith("application/json");
}

/**
 * @param {string} portion
 * @param {number} n
 * @param {number} all
 */
function progressWords(portion, n, all) {
  const words = ngettext("%(portion)s · %(n)s of %(all)s file", "%(portion)s · %(n)s of %(all)s files", all);
  return interpolate(words, { portion, n, all });
}

/** @param {string} broken the path of the file that broke off, or "" */
function wordsForBroken(broken) {
  if (!broken) {
    return gettext(
      "The archive is incomplete because a file could not be fetched to its end. Delete it, then try again or download the files one by one.",
    );
  }
  const words = gettext(
    "The archive is incomplete because “%(name)s” could not be fetched to its end. Delete it, then try again or download the files one by one.",
  );
  return interpolate(words, { name: broken });
}

customElements.define("download-all", DownloadAll);
