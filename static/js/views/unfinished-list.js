// The list "Unfinished uploads": begun before a reload or on another device. Each waits for its file.

import { count, portion, size as weight } from "../lib/format.js";
import { reachFile } from "../lib/handles.js";
import { visible } from "../lib/names.js";
import { Tabs } from "../lib/tabs.js";
import { HandleStore } from "../uploads/handle-store.js";
import { FileSource } from "../uploads/source.js";
import { storedBytes, Unfinished } from "../uploads/unfinished.js";
import { chosen } from "./file-input.js";

const MOST_ROWS = 20;
const WAIT_MS = 3000;
const LOOK_EVERY_MS = 30_000;

export class UnfinishedList {
  #parts;
  #queue;
  #unfinished;
  #handles;
  #tabs;
  #served;

  /**
   * `parts`: unfinished, unfinished-count, unfinished-list, unfinished-rest, unfinished-row (a template), and choose;
   * `replaces`: the selector of the server's own list, which stays for those that go on without script.
   */
  constructor(parts, queue, { records, replaces }) {
    this.#parts = parts;
    this.#queue = queue;
    this.#served = document.querySelector(replaces);
    this.#unfinished = new Unfinished(records);
    this.#handles = new HandleStore(queue);
    this.#tabs = new Tabs("waybill-uploads", {
      holds: (id) => this.#isHere(id),
      onheld: (ids) => this.#unfinished.leave(ids),
    });
    this.#unfinished.addEventListener("change", () => this.#draw());
    queue.addEventListener("change", ({ detail }) => this.#note(detail));
    queue.addEventListener("kept", ({ detail: { record, error } }) => this.#keep(record, error));
    /** Resolves once they are known, or cannot be in good time: nobody who drops a file should wait for that. */
    this.isKnown = Promise.race([this.#load().catch(() => {}), new Promise((resolve) => setTimeout(resolve, WAIT_MS))]);
  }

  /** Send this source; what it is the file of leaves the list and goes on. */
  send(source) {
    const item = this.#unfinished.match(source);
    return item ? this.#goOn(item, source) : this.#queue.add(source);
  }

  async #load() {
    await this.#unfinished.load(
      (ids) => this.#tabs.ask(ids),
      (id) => this.#isServed(id),
    );
    this.#replaceServed();
    const { items } = this.#unfinished;
    const reachable = await this.#handles.keepOnly(this.#unfinished.known);
    for (const item of items) this.#unfinished.allow(item, reachable.has(item.record.id));
    this.#measure(items.slice(0, MOST_ROWS));
    setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** What another browser sends may have arrived meanwhile; where it sends no longer, the file can be chosen here. */
  async #look() {
    if (!this.#unfinished.areSentElsewhere) return;
    await this.#unfinished.renew().catch(() => {}); // the next look may reach the site
    this.#measure(this.#unfinished.items.slice(0, MOST_ROWS));
  }

  /** One after the other: it is not urgent. */
  async #measure(items) {
    for (const item of items) await this.#unfinished.measure(item);
  }

  #isHere(id) {
    return [...this.#queue.uploads].some(({ record, isOver }) => record?.id === id && !isOver);
  }

  /** Begun by a plain form, which has a page of its own. */
  #isServed(id) {
    return Boolean(this.#served?.querySelector(`a[href*="${id}"]`));
  }

  #replaceServed() {
    const rows = [...(this.#served?.querySelectorAll("li") ?? [])];
    const left = rows.filter((row) => row.querySelector("a") || row.remove());
    if (!this.#served) return;
    this.#served.hidden = !left.length;
    this.#served.querySelector(".count").textContent = left.length;
  }

  /** An upload that was given another file is unfinished again. */
  #note(upload) {
    if (!upload.problem?.isOther || !this.#queue.uploads.has(upload)) return;
    this.#queue.forget(upload);
    const { text, isSpent } = upload.problem;
    const other = isSpent ? null : upload.source.again();
    this.#unfinished.measure(this.#unfinished.add(upload.record, { problem: text, other, isSpent }));
    upload.dispatchEvent(new Event("change"));
  }

  // Going on

  async #choose(item) {
    const [file] = await chosen();
    this.#offer(item, file);
  }

  async #reach(item) {
    const { file, isRefused } = await reachFile(item.record.id);
    if (file) {
      this.#offer(item, file);
      return;
    }
    const why = isRefused ? "The browser was not allowed to read the file." : "The file has gone from where it was.";
    this.#unfinished.object(item, `${why} Choose it to go on.`);
    this.#unfinished.allow(item, isRefused);
  }

  /** Go on with this file, or say why not. */
  #offer(item, file) {
    const source = new FileSource(file, item.record.file.path);
    const objection = this.#unfinished.objection(item, source);
    if (objection) {
      const advice = "Choose the one this upload was begun with, or send that one as a new file.";
      this.#unfinished.object(item, `${objection} ${advice}`, source);
      return;
    }
    this.#unfinished.take(item);
    this.#goOn(item, source);
    this.#parts.choose.focus();
  }

  #goOn({ record, isSpent }, source) {
    this.#tabs.tell([record.id]);
    if (record.size === source.size) return this.#queue.add(source, record, { mayReplace: isSpent });
    this.#drop(record.id);
    return this.#queue.add(source);
  }

  /** What was refused here is a file of its own. What has arrived of another goes on waiting for that. */
  #sendAsNew(item) {
    const { other, record } = item;
    if (record.method === "parts") this.#unfinished.object(item, "");
    else this.#cancel(item);
    this.#queue.add(other);
    this.#parts.choose.focus();
  }

  /** Have what has arrived dropped: nobody will go on with it. */
  async #drop(id) {
    await this.#handles.forget(id);
    await this.#unfinished.discard(id).catch(() => {});
  }

  async #cancel(item) {
    this.#parts.choose.focus();
    this.#unfinished.take(item);
    await this.#handles.forget(item.record.id);
    try {
      await this.#unfinished.discard(item.record.id);
    } catch (error) {
      if (error.status !== 404) this.#keep(item.record, error);
    }
  }

  /** The site did not cancel it, so that it goes on holding quota. */
  #keep(record, error) {
    this.#unfinished.add(record, { problem: `It is not cancelled yet. ${error.message}` });
  }

  // Showing

  #draw() {
    const { items } = this.#unfinished;
    const { unfinished, "unfinished-count": number, "unfinished-list": list, "unfinished-rest": rest } = this.#parts;
    unfinished.hidden = !items.length;
    number.textContent = items.length;
    list.replaceChildren(...items.slice(0, MOST_ROWS).map((item) => this.#row(item)));
    rest.hidden = items.length <= MOST_ROWS;
    const more = count(items.length - MOST_ROWS, "more file");
    rest.textContent = `and ${more}. Drop their folder again, and all of them go on.`;
  }

  #row(item) {
    const { record, problem, canGoOn, isMeasured, other } = item;
    const row = this.#parts["unfinished-row"].content.firstElementChild.cloneNode(true);
    const parts = {};
    for (const part of row.querySelectorAll("[data-part]")) parts[part.dataset.part] = part;
    const name = visible(record.file.name);
    parts.name.textContent = name;
    parts.path.textContent = visible(record.file.path);
    if (!record.file.path) parts.folder.remove();
    const there = storedBytes(record);
    const nothing = isMeasured ? `${weight(record.size)}, nothing is there yet` : weight(record.size);
    parts.figures.textContent = there ? `${portion(there, record.size)} is there` : nothing;
    parts.bar.value = record.size ? there / record.size : 0;
    parts.bar.setAttribute("aria-label", name);
    parts.problem.textContent = problem;
    parts.problem.hidden = !problem;
    const isElsewhere = record.is_sent_elsewhere;
    parts.elsewhere.hidden = !isElsewhere;
    parts.cancel.hidden = isElsewhere;
    parts["go-on"].hidden = !canGoOn;
    if (canGoOn) parts["choose-file"].textContent = "Choose the file";
    parts.anew.hidden = !other;
    const actions = {
      "go-on": () => this.#reach(item),
      anew: () => this.#sendAsNew(item),
      "choose-file": () => this.#choose(item),
      cancel: () => this.#cancel(item),
    };
    for (const [button, act] of Object.entries(actions)) {
      parts[button].addEventListener("click", act);
      parts[button].setAttribute("aria-description", name);
    }
    return row;
  }
}
