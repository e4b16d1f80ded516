// The list "Unfinished uploads": begun before a reload or on another device. Each waits for its file.

import { ApiError } from "../lib/api.js";
import { isTemporary, messageOf } from "../lib/errors.js";
import { reachFile } from "../lib/handles.js";
import { retry } from "../lib/retry.js";
import { Tabs } from "../lib/tabs.js";
import { gettext, interpolate, ngettext } from "../lib/translation.js";
import { HandleStore } from "../uploads/handle-store.js";
import { FileSource } from "../uploads/source.js";
import { Unfinished } from "../uploads/unfinished.js";
import { chosen } from "./file-input.js";
import { partsOf } from "./parts.js";
import { unfinishedRow } from "./unfinished-row.js";

/** @typedef {import("../uploads/batch.js").Batch} Batch */
/** @typedef {import("../uploads/queue.js").Queue} Queue */
/** @typedef {import("../uploads/records.js").Records} Records */
/** @typedef {import("../uploads/unfinished.js").Item} Item */
/** @typedef {import("../uploads/upload.js").Upload} Upload */

const MAX_ROWS = 20;
const WAIT_MS = 3000;
const LOOK_EVERY_MS = 30_000;
const UNKNOWN = gettext(
  "Your unfinished uploads could not be loaded. Reload this page before you choose their files again. (%(why)s)",
);
const NOT_CANCELLED = gettext("Not cancelled yet. %(why)s");

export class UnfinishedList {
  #host;
  #parts;
  #queue;
  #unfinished;
  #handles;
  #tabs;
  /** @type {import("./unfinished-row.js").Actions} */
  #actions = {
    resume: (item) => this.#reach(item),
    sendAsNew: (item) => this.#sendAsNew(item),
    choose: (item) => this.#choose(item),
    cancel: (item) => this.#cancel(item),
  };
  // The server's own list, which stays for those that go on without script.
  /** @type {HTMLElement | null} */
  #served;

  /**
   * @param {HTMLElement} host the element with the parts unfinished, unfinished-count, -list, -rest, -row and choose
   * @param {Queue} queue
   * @param {{ records: Records, replaces: string | undefined, onproblem: (why: string) => void }} options `replaces`: the
   *   selector of the server's own list; `onproblem` is told in words why there is no list
   */
  constructor(host, queue, { records, replaces, onproblem }) {
    this.#host = host;
    this.#parts = partsOf(host, {
      unfinished: HTMLElement,
      "unfinished-count": HTMLElement,
      "unfinished-list": HTMLElement,
      "unfinished-rest": HTMLElement,
      choose: HTMLButtonElement,
    });
    this.#queue = queue;
    this.#served = replaces ? document.querySelector(replaces) : null;
    this.#unfinished = new Unfinished(records);
    this.#handles = new HandleStore(queue);
    this.#tabs = new Tabs("waybill-uploads", {
      holds: (id) => this.#isHere(id),
      onheld: (ids) => this.#unfinished.leave(ids),
    });
    this.#unfinished.on("change", () => this.#draw());
    queue.on("change", (upload) => this.#relist(upload));
    queue.on("kept", ({ record, error }) => this.#keep(record, error));
    /** Resolves once they are known, or cannot be in good time: nobody who drops a file should wait for that. */
    this.isKnown = Promise.race([
      // Without an account, or before the first upload, there is no list.
      this.#load().catch((error) => isTemporary(error) && onproblem(interpolate(UNKNOWN, { why: messageOf(error) }))),
      new Promise((resolve) => setTimeout(resolve, WAIT_MS)),
    ]);
  }

  /**
   * Send this source with its batch; what it is the file of leaves the list and goes on.
   *
   * @param {FileSource} source
   * @param {Batch} batch
   */
  send(source, batch) {
    const item = this.#unfinished.match(source);
    return item ? this.#resume(item, source, batch) : this.#queue.add(source, null, { batch });
  }

  async #load() {
    await this.#list();
    this.#replaceServed();
    const { items } = this.#unfinished;
    const reachable = await this.#handles.keepOnly(this.#unfinished.known);
    for (const item of items) this.#unfinished.allow(item, reachable.has(item.record.id));
    this.#measure(items.slice(0, MAX_ROWS));
    setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /**
   * Ask until there is an answer: none is not the answer that there are none. What was begun here meanwhile is no item.
   */
  #list() {
    const load = () =>
      this.#unfinished.load(
        (ids) => this.#tabs.ask(ids),
        (id) => this.#isServed(id) || this.#isHere(id),
      );
    return retry(load, { isTemporary, signal: new AbortController().signal });
  }

  /**
   * Ask again for uploads of another browser: they may have arrived, or stand still, so that the file can be chosen
   * here.
   */
  async #look() {
    if (!this.#unfinished.areSentElsewhere) return;
    await this.#unfinished.renew().catch(() => {}); // the next look may reach the site
    this.#measure(this.#unfinished.items.slice(0, MAX_ROWS));
  }

  /**
   * One after the other: it is not urgent.
   *
   * @param {Item[]} items
   */
  async #measure(items) {
    for (const item of items) await this.#unfinished.measure(item);
  }

  /** @param {string} id */
  #isHere(id) {
    return [...this.#queue.uploads].some(({ record, isOver }) => record?.id === id && !isOver);
  }

  /**
   * True for one that a plain form began, which has a page of its own.
   *
   * @param {string} id
   */
  #isServed(id) {
    return Boolean(this.#served?.querySelector(`a[href*="${id}"]`));
  }

  #replaceServed() {
    if (!this.#served) return;
    const rows = [...this.#served.querySelectorAll("li")];
    const left = rows.filter((row) => row.querySelector("a"));
    for (const row of rows) if (!left.includes(row)) row.remove();
    this.#served.hidden = !left.length;
    const number = this.#served.querySelector(".count");
    if (number) number.textContent = String(left.length);
  }

  /**
   * Show an upload that was given another file: it is unfinished again.
   *
   * @param {Upload} upload
   */
  #relist(upload) {
    const { problem, record, source } = upload;
    if (!problem?.isOther || !record || !this.#queue.uploads.has(upload)) return;
    this.#queue.forget(upload);
    const { text, isSpent } = problem;
    const other = isSpent ? null : source.again();
    this.#unfinished.measure(this.#unfinished.add(record, { problem: text, other, isSpent }));
    upload.emit("change", null);
  }

  // Going on

  /** @param {Item} item */
  async #choose(item) {
    const [file] = await chosen();
    this.#offer(item, file);
  }

  /** @param {Item} item */
  async #reach(item) {
    const { file, isRefused } = await reachFile(item.record.id);
    if (file) {
      this.#offer(item, file);
      return;
    }
    const why = isRefused
      ? gettext("The browser was not allowed to read the file. Choose it to resume.")
      : gettext("The file is no longer where it was. Choose it to resume.");
    this.#unfinished.object(item, why);
    this.#unfinished.allow(item, isRefused);
  }

  /**
   * Go on with this file, or say why not.
   *
   * @param {Item} item
   * @param {File} file
   */
  #offer(item, file) {
    const source = new FileSource(file, item.record.file.path);
    const objection = this.#unfinished.objection(item, source);
    if (objection) {
      const words = gettext(
        "%(objection)s Choose the file that this upload was started with, or send that one as a new file.",
      );
      this.#unfinished.object(item, interpolate(words, { objection }), source);
      return;
    }
    this.#unfinished.take(item);
    this.#resume(item, source);
    this.#parts.choose.focus();
  }

  /**
   * @param {Item} item
   * @param {FileSource} source
   * @param {Batch} [batch]
   */
  #resume({ record, isSpent }, source, batch) {
    this.#tabs.tell([record.id]);
    if (record.size === source.size) return this.#queue.add(source, record, { batch, mayReplace: isSpent });
    this.#drop(record);
    return this.#queue.add(source, null, { batch });
  }

  /**
   * Send what was refused here as a file of its own. What has arrived of another goes on waiting for that.
   *
   * @param {Item} item
   */
  #sendAsNew(item) {
    const { other, record } = item;
    if (!other) return;
    if (record.method === "parts") this.#unfinished.object(item, "");
    else this.#cancel(item);
    this.#queue.add(other);
    this.#parts.choose.focus();
  }

  /** @param {Item} item */
  #cancel(item) {
    this.#parts.choose.focus();
    this.#drop(this.#unfinished.take(item));
  }

  /**
   * Have what has arrived dropped: nobody will go on with it. It is listed again if the site does not do it.
   *
   * @param {schema.UploadOut} record
   */
  async #drop(record) {
    await this.#handles.forget(record.id);
    try {
      await this.#unfinished.discard(record.id);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) this.#keep(record, error);
    }
  }

  /**
   * Show one that the site did not cancel, so that it goes on holding quota.
   *
   * @param {schema.UploadOut} record
   * @param {unknown} error
   */
  #keep(record, error) {
    this.#unfinished.add(record, { problem: interpolate(NOT_CANCELLED, { why: messageOf(error) }) });
  }

  // Showing

  #draw() {
    const { items } = this.#unfinished;
    const { unfinished, "unfinished-count": number, "unfinished-list": list, "unfinished-rest": rest } = this.#parts;
    unfinished.hidden = !items.length;
    number.textContent = String(items.length);
    list.replaceChildren(...items.slice(0, MAX_ROWS).map((item) => unfinishedRow(this.#host, item, this.#actions)));
    rest.hidden = items.length <= MAX_ROWS;
    const n = Math.max(0, items.length - MAX_ROWS);
    const words = ngettext(
      "and %(n)s more file. Drop its folder again to resume.",
      "and %(n)s more files. Drop their folder again to resume all of them.",
      n,
    );
    rest.textContent = interpolate(words, { n });
  }
}
