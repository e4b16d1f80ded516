// The list "Unfinished uploads": begun before a reload or on another device. Each waits for its file.

import { count, portion, size as weight } from "../lib/format.js";
import { reachFile } from "../lib/handles.js";
import { visible } from "../lib/names.js";
import { Tabs } from "../lib/tabs.js";
import { Keeper } from "../uploads/keeper.js";
import { FileSource } from "../uploads/source.js";
import { storedBytes, Unfinished } from "../uploads/unfinished.js";
import { chosen } from "./intake.js";

const MOST_ROWS = 20;
const WAIT_MS = 3000;

export class UnfinishedList {
  #parts;
  #queue;
  #unfinished;
  #keeper;
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
    this.#keeper = new Keeper(queue);
    this.#tabs = new Tabs("waybill-uploads", {
      holds: (id) => this.#isHere(id),
      onheld: (ids) => this.#unfinished.leave(ids),
    });
    this.#unfinished.addEventListener("change", () => this.#draw());
    queue.addEventListener("change", ({ detail }) => this.#note(detail));
    /** Resolves once they are known, or cannot be in good time: nobody who drops a file should wait for that. */
    this.isKnown = Promise.race([this.#load().catch(() => {}), new Promise((resolve) => setTimeout(resolve, WAIT_MS))]);
  }

  /** The record of the one that this source is the file of, or null. It leaves the list. */
  match(source) {
    const record = this.#unfinished.match(source);
    if (record) this.#tabs.tell([record.id]);
    return record;
  }

  async #load() {
    await this.#unfinished.load((ids) => this.#tabs.ask(ids), (id) => this.#isServed(id));
    this.#replaceServed();
    const { items } = this.#unfinished;
    const reachable = await this.#keeper.keepOnly(this.#unfinished.known);
    for (const item of items) this.#unfinished.allow(item, reachable.has(item.record.id));
    this.#measure(items.slice(0, MOST_ROWS));
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
    this.#unfinished.add(upload.record, upload.problem.text);
    upload.dispatchEvent(new Event("change"));
  }

  // Going on

  async #choose(item) {
    const [file] = await chosen();
    const objection = this.#unfinished.objection(item, file);
    if (objection) this.#unfinished.object(item, `${objection} Choose the one this upload was begun with, or cancel.`);
    else this.#goOn(item, file);
  }

  async #reach(item) {
    try {
      const file = await reachFile(item.record.id);
      const objection = this.#unfinished.objection(item, file);
      if (objection) throw new DOMException(objection, "NotFoundError");
      this.#goOn(item, file);
    } catch (error) {
      const isRefused = error.name === "NotAllowedError";
      const why = isRefused ? "The browser was not allowed to read the file." : "The file has gone from where it was.";
      this.#unfinished.object(item, `${why} Choose it to go on.`);
      this.#unfinished.allow(item, isRefused);
    }
  }

  #goOn(item, file) {
    const record = this.#unfinished.take(item);
    this.#tabs.tell([record.id]);
    this.#queue.add(new FileSource(file, record.file.path), record);
    this.#parts.choose.focus();
  }

  async #cancel(item) {
    this.#parts.choose.focus();
    await this.#keeper.forget(item.record.id);
    await this.#unfinished.cancel(item).catch(() => {});
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
    const { record, problem, canGoOn } = item;
    const row = this.#parts["unfinished-row"].content.firstElementChild.cloneNode(true);
    const parts = {};
    for (const part of row.querySelectorAll("[data-part]")) parts[part.dataset.part] = part;
    const name = visible(record.file.name);
    parts.name.textContent = name;
    parts.path.textContent = visible(record.file.path);
    if (!record.file.path) parts.folder.remove();
    const there = storedBytes(record);
    const nothing = `${weight(record.size)}, nothing is there yet`;
    parts.figures.textContent = there ? `${portion(there, record.size)} is there` : nothing;
    parts.bar.value = record.size ? there / record.size : 0;
    parts.bar.setAttribute("aria-label", name);
    parts.problem.textContent = problem;
    parts.problem.hidden = !problem;
    parts["go-on"].hidden = !canGoOn;
    if (canGoOn) parts["choose-file"].textContent = "Choose the file";
    const actions = {
      "go-on": () => this.#reach(item),
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
