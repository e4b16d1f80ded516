/**
 * <download-all data-url="where the link's files are spent" data-worker="…"> around a button and its progress: has a service
 * worker pack all files of a link into one archive. It stays hidden where no service worker can run: the page lists the files.
 */

import { count, portion } from "../lib/format.js";

const AWAKE_EVERY = 5000; // milliseconds; browsers end a worker that hears nothing for 30 s
const STARTS_WITHIN = 10_000;
const NAMED = 3;

export class DownloadAll extends HTMLElement {
  #port;
  #timer;
  #files = [];
  #guard = (event) => event.preventDefault();

  connectedCallback() {
    // In some apps' own browsers even a look at it throws; then the button says so.
    if (!("serviceWorker" in navigator)) return;
    this.hidden = false;
    this.#part("begin").addEventListener("click", () => this.#begin());
    this.#part("cancel").addEventListener("click", () => this.#port?.postMessage("cancel"));
  }

  async #begin() {
    this.#part("begin").disabled = true;
    this.#say("");
    try {
      const worker = await this.#worker();
      const answer = await fetch(this.dataset.url, { method: "POST", cache: "no-store" });
      if (!answer.ok) {
        location.reload(); // the page says what has become of the link
        return;
      }
      await this.#hand(worker, await answer.json());
    } catch {
      this.#end("All at once does not work in this browser just now. Download the files one by one.");
    }
  }

  /** Registered before anything is spent: private windows of some browsers refuse it. */
  async #worker() {
    const options = { type: "module", scope: this.dataset.url, updateViaCache: "none" };
    const registration = await navigator.serviceWorker.register(this.dataset.worker, options);
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    if (worker.state === "activated") return worker;
    return new Promise((resolve, reject) => {
      setTimeout(reject, STARTS_WITHIN);
      worker.addEventListener("statechange", () => {
        if (worker.state === "activated") resolve(worker);
        if (worker.state === "redundant") reject();
      });
    });
  }

  async #hand(worker, { files, receipt, disposition }) {
    const address = new URL(`${this.dataset.url}${crypto.randomUUID()}.zip`, location.href).href;
    const endpoint = new URL(`${this.dataset.url}urls/`, location.href).href;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#files = files;
    port1.onmessage = ({ data }) => {
      if (data.kind === "ready") location.assign(address);
      else this.#hear(data);
    };
    this.#part("status").hidden = false;
    this.#hear({ kind: "progress", bytes: 0, files: 0 });
    worker.postMessage({ kind: "begin", address, endpoint, files, receipt, disposition }, [port2]);
    this.#timer = setInterval(() => worker.postMessage({ kind: "awake" }), AWAKE_EVERY);
  }

  #hear({ kind, bytes, files, missing, broken }) {
    if (kind === "progress") {
      const whole = this.#files.reduce((sum, file) => sum + file.size, 0);
      this.#part("bar").value = whole ? bytes / whole : 0;
      this.#part("figures").textContent = `${portion(bytes, whole)} · ${files} of ${count(this.#files.length, "file")}`;
      // Not before the first bytes: the download itself begins as a navigation, which must not be asked about.
      if (bytes) addEventListener("beforeunload", this.#guard);
    } else if (kind === "done") {
      this.#end(missing.length ? this.#wordsForMissing(missing) : `All ${count(this.#files.length, "file")} are in the archive.`);
    } else if (kind === "cancelled") {
      this.#end("Cancelled. The archive is not whole: delete what was saved of it.");
    } else if (kind === "closed") {
      this.#end("The archive is not whole, delete it: the link has ended meanwhile.");
    } else {
      this.#end(`The archive is not whole, delete it: ${broken ? `“${broken}”` : "a file"} could not be fetched to its end. Try again, or download the files one by one.`);
    }
  }

  #wordsForMissing(paths) {
    const [there, all] = [this.#files.length - paths.length, this.#files.length];
    const named = paths.slice(0, NAMED).map((path) => `“${path}”`).join(", ");
    const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : "";
    const are = there === 1 ? "is" : "are";
    return `${there} of ${count(all, "file")} ${are} in the archive. What could not be fetched is listed in it: ${named}${more}.`;
  }

  #end(words) {
    clearInterval(this.#timer);
    removeEventListener("beforeunload", this.#guard);
    this.#port?.close();
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

customElements.define("download-all", DownloadAll);
