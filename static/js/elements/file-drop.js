/**
 * <file-drop>: takes files and folders, and sends them straight to the bucket.
 * The server draws it (templates/includes/file_drop.html). Without script, a form in <noscript> does the same work.
 *
 * data-account: whose page it is; data-api, data-csrf-token, data-hash-worker, data-largest-form (bytes); data-renews: what
 * to fetch anew of the page once files have arrived, as selectors; data-replaces: the server's list of unfinished uploads,
 * as a selector; data-thumbnail-worker: where pictures get thumbnails.
 */

import { Api } from "../lib/api.js";
import { ask } from "../lib/network.js";
import { yieldToMain } from "../lib/yield-to-main.js";
import { BulkLink } from "../uploads/bulk-link.js";
import { Heartbeat } from "../uploads/heartbeat.js";
import { PendingLinks } from "../uploads/pending-links.js";
import { Queue } from "../uploads/queue.js";
import { Records } from "../uploads/records.js";
import { FileSource } from "../uploads/source.js";
import { Thumbnails } from "../uploads/thumbnails.js";
import { FileInput, leftOut } from "../views/file-input.js";
import { UnfinishedList } from "../views/unfinished-list.js";
import { UploadList } from "../views/upload-list.js";

// A smaller file is quickly sent anew: how to reach it is not kept.
const REACHED_FROM = 1024 * 1024;
// Of the page itself, fetched anew.
const PATIENCE_MS = 60_000;

const JOINS = "What was missing joins the link that you made of all before.";
const NOTHING = "There is nothing to send in it: it is empty, or your browser may not read it.";

export class FileDrop extends HTMLElement {
  #parts = {};
  #api;
  #queue;
  #unfinished;
  #entry;
  #links = new WeakMap(); // each upload's own, as a promise
  #pending;
  #pendingLinkOf;
  #isReady = false;
  #taking = 0;
  #bulkLinks = new Set();
  #all = null;

  connectedCallback() {
    if (!this.#hasStarted()) return;
    this.#entry = new AbortController();
    const { signal } = this.#entry;
    window.addEventListener("beforeunload", (event) => this.#isUnfinished && event.preventDefault(), { signal });
    new FileInput(this, this.#parts, (selection) => this.#take(selection), signal);
  }

  /** Whether it can take files. Where this browser lacks what that needs, the page says so. */
  #hasStarted() {
    try {
      if (!this.#isReady) this.#start();
      this.#isReady = true;
      return true;
    } catch (error) {
      reportError(error);
      this.#say(`This browser cannot send files from this page (${error.message}). Update it, or use another one.`);
      return false;
    }
  }

  get #isUnfinished() {
    return this.#queue.isUnfinished || [...this.#bulkLinks].some(({ isJoining }) => isJoining);
  }

  disconnectedCallback() {
    this.#entry?.abort();
  }

  #start() {
    for (const part of this.querySelectorAll("[data-part]")) this.#parts[part.dataset.part] = part;
    const { account, api, csrfToken, hashWorker, largestForm, replaces, thumbnailWorker } = this.dataset;
    this.#api = new Api({ base: api, csrfToken, renewCsrfToken: () => this.#renewCsrfToken() });
    const records = new Records(this.#api);
    this.#queue = new Queue({ records, hashWorkerUrl: hashWorker, largestForm: Number(largestForm) });
    new Heartbeat(this.#queue, records);
    this.#pending = new PendingLinks(account);
    this.#pendingLinkOf = this.#pending.finder();
    this.#queue.addEventListener("idle", () => this.#settle());
    if (thumbnailWorker) {
      const onkept = () => this.#renewPage();
      new Thumbnails(this.#queue, { api: this.#api, workerUrl: thumbnailWorker, onkept });
    }
    this.#unfinished = new UnfinishedList(this.#parts, this.#queue, { records, replaces });
    const links = { one: (upload) => this.#makeLink(upload), all: () => this.#makeLinkToAll() };
    new UploadList(this.#parts, this.#queue, links);
  }

  async #take(selection) {
    // What was said of a drop that is still being read stays.
    if (!this.#taking) this.#say("");
    this.#taking += 1;
    // What is dropped may belong to an upload that was begun before.
    await this.#unfinished.isKnown;
    const notes = new Set();
    let isAny = false;
    for await (const finds of selection.batches()) {
      isAny = true;
      for (const find of finds) notes.add(this.#takeOne(find, selection.left));
      await yieldToMain();
    }
    notes.add(leftOut(selection.left) || (isAny ? "" : NOTHING));
    for (const note of notes) this.#say(note, { adds: true });
    this.#taking -= 1;
  }

  #say(words, { adds = false } = {}) {
    const { note } = this.#parts;
    const before = adds ? note.textContent : "";
    if (!before.includes(words) || !words) note.textContent = [before, words].filter(Boolean).join(" ");
    note.hidden = !note.textContent;
  }

  /** Send one file: what to say of it, if anything. One that cannot even begin keeps no other from it. */
  #takeOne(find, left) {
    try {
      const upload = this.#send(find);
      const link = this.#pendingLinkOf(upload.source);
      if (!link) return "";
      this.#goOnWith(link, upload);
      return JOINS;
    } catch (error) {
      reportError(error);
      left.unreadable.push(find.path ? `${find.path}/${find.file.name}` : find.file.name);
      return "";
    }
  }

  #send({ file, path, root, steps }) {
    const source = new FileSource(file, path, root && file.size >= REACHED_FROM ? { root, steps } : null);
    return this.#unfinished.send(source);
  }

  // Links, and the rest of the page

  /** Asked for again, it is the same link. */
  async #makeLink(upload) {
    const ask = () => this.#api.request("POST", "/links/", { body: { files: [upload.record.file.id] } });
    if (!this.#links.has(upload)) this.#links.set(upload, ask());
    try {
      return await this.#links.get(upload);
    } catch (error) {
      this.#links.delete(upload);
      throw error;
    } finally {
      this.#renewPage();
    }
  }

  /** One for each batch: asked for again, it is the same link, and leads to what was dropped meanwhile, too. */
  async #makeLinkToAll() {
    const { batch } = this.#queue;
    if (this.#all?.batch !== batch) this.#all = { batch, link: this.#newBulkLink() };
    const link = await this.#all.link.add([...batch]);
    if (this.#all.link.isOver) {
      this.#all = null;
      return this.#makeLinkToAll();
    }
    this.#renewPage();
    return link;
  }

  /** One that was made before a reload, say, goes on growing, and is that to all of this batch. */
  #goOnWith(link, upload) {
    const bulkLink = [...this.#bulkLinks].find(({ made }) => made?.id === link.id) ?? this.#newBulkLink(link);
    const { batch } = this.#queue;
    if (this.#all?.batch !== batch) this.#all = { batch, link: bulkLink };
    bulkLink.track(upload);
  }

  #newBulkLink(made = null) {
    const bulkLink = new BulkLink(this.#api, { pending: this.#pending, onproblem: (why) => this.#warn(why), made });
    this.#bulkLinks.add(bulkLink);
    return bulkLink;
  }

  #settle() {
    for (const bulkLink of this.#bulkLinks) bulkLink.settle();
    this.#renewPage();
  }

  #warn(why) {
    this.#say(`Not all files are in the link. ${why}`, { adds: true });
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
    const { text } = await ask(location.href, {
      headers: { Accept: "text/html" },
      cache: "no-store",
      patience: PATIENCE_MS,
    });
    return new DOMParser().parseFromString(text, "text/html");
  }
}

customElements.define("file-drop", FileDrop);
