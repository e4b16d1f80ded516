/**
 * <file-drop>: takes files by drop, anywhere on the page, or by picker, and sends them straight to the bucket.
 * The server draws it (templates/includes/file_drop.html). Without script, a form in <noscript> does the same work.
 *
 * data-api, data-csrf-token, data-hash-worker, data-largest-form (bytes); data-renews: what to fetch anew of the page
 * once files have arrived, as selectors.
 */

import { Api } from "../lib/api.js";
import { dropped } from "../lib/dropped.js";
import { Queue } from "../uploads/queue.js";
import { FileSource } from "../uploads/source.js";
import { MovingList } from "./moving-list.js";

export class FileDrop extends HTMLElement {
  #parts = {};
  #api;
  #queue;
  #entry;

  connectedCallback() {
    this.#queue ?? this.#start();
    this.#entry = new AbortController();
    const { signal } = this.#entry;
    this.#parts.choose.addEventListener("click", () => this.#parts.picker.click(), { signal });
    this.#parts.picker.addEventListener("change", () => this.#take([...this.#parts.picker.files]), { signal });
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
      document.addEventListener(type, (event) => this.#drag(event), { signal });
    }
    window.addEventListener("beforeunload", (event) => this.#queue.isBusy && event.preventDefault(), { signal });
    // Somebody may have chosen before this script was there.
    this.#take([...this.#parts.picker.files]);
  }

  disconnectedCallback() {
    this.#entry.abort();
  }

  #start() {
    for (const part of this.querySelectorAll("[data-part]")) this.#parts[part.dataset.part] = part;
    const { api, csrfToken, hashWorker, largestForm } = this.dataset;
    this.#api = new Api({ base: api, csrfToken, renewCsrfToken: () => this.#renewCsrfToken() });
    this.#queue = new Queue({ api: this.#api, hashWorkerUrl: hashWorker, largestForm: Number(largestForm) });
    this.#queue.addEventListener("idle", () => this.#renewPage());
    new MovingList(this.#parts, this.#queue, {
      cancel: (upload) => this.#queue.cancel(upload),
      retry: (upload) => this.#queue.retry(upload),
      link: (upload) => this.#makeLink(upload),
    });
  }

  // Taking files

  #drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    // Otherwise the browser would open the file in place of this page.
    event.preventDefault();
    const hasLeft = event.type === "drop" || (event.type === "dragleave" && !event.relatedTarget);
    this.toggleAttribute("data-dragging", !hasLeft);
    if (event.type !== "drop") {
      event.dataTransfer.dropEffect = "copy";
      return;
    }
    const { files, folders } = dropped(event.dataTransfer);
    this.#take(files);
    if (folders.length) this.#say(folders);
  }

  #take(files) {
    this.#parts.note.hidden = true;
    for (const file of files) this.#queue.add(new FileSource(file));
    // So that choosing the same file again is a change.
    this.#parts.picker.value = "";
  }

  #say(folders) {
    const which = folders.length === 1 ? `“${folders[0]}” is a folder` : `${folders.length} of these are folders`;
    this.#parts.note.textContent = `${which}, which cannot be sent as it is. Open it and drop the files in it, or send it as a zip.`;
    this.#parts.note.hidden = false;
  }

  // Links, and the rest of the page

  async #makeLink(upload) {
    const link = await this.#api.request("POST", "/links/", { body: { files: [upload.record.file.id] } });
    this.#renewPage();
    return link.url;
  }

  /** Show the new files and links in the tables below, without losing the rows above, which hold links. */
  async #renewPage() {
    if (!this.dataset.renews) return;
    const page = await this.#fetchPage().catch(() => null);
    for (const selector of this.dataset.renews.split(",")) {
      const [old, renewed] = [document.querySelector(selector), page?.querySelector(selector)];
      // Not under the fingers of somebody who is working there.
      if (old && renewed && !old.contains(document.activeElement)) old.replaceWith(renewed);
    }
  }

  async #renewCsrfToken() {
    // Somebody who is signed out is shown the page to sign in at.
    return (await this.#fetchPage()).querySelector("file-drop")?.dataset.csrfToken ?? null;
  }

  async #fetchPage() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }
}

customElements.define("file-drop", FileDrop);
