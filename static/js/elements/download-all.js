/**
 * <download-all data-url="where the link's files are spent" data-saver="…" data-packer="…"> around a button and its progress: has
 * all files of a link packed into one archive (packer.js, a worker) and saved (saver.js, a service worker). It stays hidden where
 * no service worker can run: the page lists the files.
 */

import { count, portion } from "../lib/format.js";
import { within } from "../lib/limit.js";

const AWAKE_EVERY = 5000; // milliseconds; browsers end a worker that hears nothing for 30 s
const SILENT = 6; // times in a row that the service worker did not answer: it is gone
const STARTS_WITHIN = 10_000;
const ASKED_WITHIN = 30_000; // by the browser, for the archive; where to save it is chosen later
const SITE_ANSWERS_WITHIN = 60_000;
const ENDS_WITHIN = 2000;
const NOT_HERE = "All at once does not work in this browser just now. Download the files one by one.";
const STOPPED =
  "The archive is not whole, delete it: the browser stopped saving it. Try again, or download the files one by one.";
const SITE_SILENT = "The site is not answering right now. Try again in a moment, or download the files one by one.";
const NAMED = 3;

export class DownloadAll extends HTMLElement {
  #packer;
  #timer;
  #start; // how long the next step may take
  #reason = ""; // why it was given up, if not by the person
  #files = [];
  #guard = (event) => event.preventDefault();

  connectedCallback() {
    // In some apps' own browsers even a look at it throws; then the button says so.
    if (!("serviceWorker" in navigator)) return;
    this.hidden = false;
    this.#part("begin").addEventListener("click", () => this.#begin());
    this.#part("cancel").addEventListener("click", () => this.#packer?.postMessage({ kind: "cancel" }));
  }

  async #begin() {
    this.#part("begin").disabled = true;
    this.#say("");
    this.#reason = "";
    try {
      // Before anything is spent: private windows of some browsers refuse one or the other.
      const saver = await within(STARTS_WITHIN, this.#startSaver());
      await within(STARTS_WITHIN, this.#startPacker());
      const answer = await this.#collect();
      if (!answer) return this.#end(SITE_SILENT);
      if (answer.status === 503)
        return this.#end(
          "The storage is not answering right now. Nothing was downloaded or counted: try again in a moment.",
        );
      if (!answer.ok) {
        location.reload(); // the page says what has become of the link
        return;
      }
      this.#hand(saver, await answer.json());
    } catch {
      this.#end(NOT_HERE);
    }
  }

  /** The site's answer; null where none comes. */
  async #collect() {
    try {
      return await within(SITE_ANSWERS_WITHIN, fetch(this.dataset.url, { method: "POST", cache: "no-store" }));
    } catch {
      return null;
    }
  }

  async #startSaver() {
    const options = { scope: this.dataset.url, updateViaCache: "none" };
    const registration = await navigator.serviceWorker.register(this.dataset.saver, options);
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    if (worker.state === "activated") return worker;
    return new Promise((resolve, reject) => {
      worker.addEventListener("statechange", () => {
        if (worker.state === "activated") resolve(worker);
        if (worker.state === "redundant") reject();
      });
    });
  }

  async #startPacker() {
    this.#packer = await packerInWorker(this.dataset.packer).catch(() => packerInPage(this.dataset.packer));
  }

  #hand(saver, { files, list, receipt, disposition }) {
    const address = new URL(`${this.dataset.url}${crypto.randomUUID()}.zip`, location.href).href;
    const endpoint = new URL(`${this.dataset.url}urls/`, location.href).href;
    const { port1, port2 } = new MessageChannel();
    this.#files = files;
    this.#packer.addEventListener("message", ({ data }) => {
      if (data.kind === "ready") {
        this.#giveUpAfter(ASKED_WITHIN);
        location.assign(address);
      } else if (data.kind === "asked") clearTimeout(this.#start);
      else this.#hear(data);
    });
    this.#giveUpAfter(STARTS_WITHIN);
    this.#part("status").hidden = false;
    this.#hear({ kind: "progress", bytes: 0, files: 0 });
    this.#packer.postMessage({ kind: "pack", endpoint, files, list, receipt }, [port1]);
    saver.postMessage({ kind: "begin", address, disposition }, [port2]);
    this.#timer = setInterval(this.#pulse(saver, address), AWAKE_EVERY);
  }

  /** Keeps the service worker awake, and gives up once it is gone: what it was saving never ends. */
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

  #giveUpAfter(milliseconds) {
    clearTimeout(this.#start);
    this.#start = setTimeout(() => this.#giveUp(NOT_HERE), milliseconds);
  }

  /** End it as Cancel does, with these words. */
  #giveUp(words) {
    if (this.#reason) return;
    this.#reason = words;
    this.#packer.postMessage({ kind: "cancel" });
    this.#start = setTimeout(() => this.#end(words), ENDS_WITHIN);
  }

  #hear({ kind, bytes, files, missing, broken }) {
    if (kind === "progress") {
      const whole = this.#files.reduce((sum, file) => sum + file.size, 0);
      this.#part("bar").value = whole ? bytes / whole : 0;
      this.#part("figures").textContent = `${portion(bytes, whole)} · ${files} of ${count(this.#files.length, "file")}`;
      // Not before the first bytes: the download itself begins as a navigation, which must not be asked about.
      if (bytes) addEventListener("beforeunload", this.#guard);
    } else if (kind === "done") {
      this.#end(
        missing.length
          ? this.#wordsForMissing(missing)
          : `All ${count(this.#files.length, "file")} are in the archive.`,
      );
    } else if (kind === "cancelled") {
      this.#end(this.#reason || "Cancelled. The archive is not whole: delete what was saved of it.");
    } else if (kind === "closed") {
      this.#end("The archive is not whole, delete it: the link has ended meanwhile.");
    } else {
      this.#end(
        `The archive is not whole, delete it: ${broken ? `“${broken}”` : "a file"} could not be fetched to its end. Try again, or download the files one by one.`,
      );
    }
  }

  #wordsForMissing(paths) {
    const [there, all] = [this.#files.length - paths.length, this.#files.length];
    const named = paths
      .slice(0, NAMED)
      .map((path) => `“${path}”`)
      .join(", ");
    const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : "";
    const are = there === 1 ? "is" : "are";
    return `${there} of ${count(all, "file")} ${are} in the archive. What could not be fetched is listed in it: ${named}${more}.`;
  }

  #end(words) {
    clearInterval(this.#timer);
    clearTimeout(this.#start);
    removeEventListener("beforeunload", this.#guard);
    this.#packer?.terminate();
    this.#part("status").hidden = true;
    this.#part("begin").disabled = false;
    this.#say(words);
  }

  #say(words) {
    this.#part("word").textContent = words;
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }
}

async function packerInWorker(url) {
  const worker = new Worker(url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.addEventListener("error", reject, { once: true });
    worker.addEventListener("message", () => resolve(worker), { once: true });
  });
}

/** Firefox before 114 has no workers that are modules. */
async function packerInPage(url) {
  const { Packer } = await import(url);
  const { port1, port2 } = new MessageChannel();
  new Packer(port1);
  port1.start();
  await new Promise((resolve) => {
    port2.onmessage = resolve;
  });
  return Object.assign(port2, { terminate: () => port2.close() });
}

customElements.define("download-all", DownloadAll);
