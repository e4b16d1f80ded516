/**
 * <file-drop>: takes files and folders, and sends them straight to the bucket.
 * The server draws it (templates/includes/file_drop.html). Without script, a form in <noscript> does the same work.
 *
 * data-account: whose page it is; data-api, data-csrf-token, data-hash-worker, data-largest-form (bytes); data-links:
 * there for who may make links; data-joins, data-joins-url, data-joins-page: the link that gets what is sent;
 * data-renews: what to fetch anew of the page once files have arrived, as selectors; data-replaces: the server's list of
 * unfinished uploads, as a selector; data-thumbnail-worker: where pictures get thumbnails.
 */

import { Api } from "../lib/api.js";
import { messageOf } from "../lib/errors.js";
import { FileSelection } from "../lib/file-selection.js";
import { leftOut } from "../lib/left-out.js";
import { ask } from "../lib/network.js";
import { gettext, interpolate } from "../lib/translation.js";
import { yieldToMain } from "../lib/yield-to-main.js";
import { Batch } from "../uploads/batch.js";
import { Heartbeat } from "../uploads/heartbeat.js";
import { PendingLinks } from "../uploads/pending-links.js";
import { Queue } from "../uploads/queue.js";
import { Records } from "../uploads/records.js";
import { FileSource } from "../uploads/source.js";
import { Thumbnails } from "../uploads/thumbnails.js";
import { UploadLinks } from "../uploads/upload-links.js";
import { EmptyFiles } from "../views/empty-files.js";
import { FileInput } from "../views/file-input.js";
import { partOf } from "../views/parts.js";
import { UnfinishedList } from "../views/unfinished-list.js";
import { UploadList } from "../views/upload-list.js";

/** @typedef {import("../lib/file-selection.js").Find} Find */
/** @typedef {import("../lib/file-selection.js").Left} Left */
/** @typedef {import("../views/copy-link.js").Link} Link */

/**
 * The objects that send files, once the element has started.
 *
 * @typedef {{ queue: Queue, unfinished: UnfinishedList, links: UploadLinks, empty: EmptyFiles }} Sender
 */

// A smaller file is quickly sent anew: how to reach it is not kept.
const REACHED_FROM = 1024 * 1024;
// Nobody watches what takes longer: its end is worth a notice of the browser.
const LONG_MS = 60_000;
// Of the page itself, fetched anew.
const TIMEOUT_MS = 60_000;

const JOINS = gettext("What was missing is added to the link that you created before.");
const NOTHING = gettext("There is nothing to send: it is empty, or your browser can't read it.");

export class FileDrop extends HTMLElement {
  // Null before the element is on a page, and where this browser cannot send.
  /** @type {Sender | null} */
  #sender = null;
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #entry;
  // The number of selections that are being read.
  #taking = 0;
  // When what is being sent was begun; 0 while nothing is.
  #begunAt = 0;

  connectedCallback() {
    const sender = this.#sender ?? this.#start();
    if (!sender) return;
    this.#entry = new AbortController();
    const { signal } = this.#entry;
    window.addEventListener("beforeunload", (event) => isUnfinished(sender) && event.preventDefault(), { signal });
    const take = (/** @type {FileSelection} */ selection) => {
      // Keep what was said of a drop that is still being read.
      if (!this.#taking) this.#say("");
      this.#take(selection, sender);
    };
    new FileInput(this, take, signal);
  }

  disconnectedCallback() {
    this.#entry?.abort();
  }

  /** Get ready to take files. Where this browser lacks what that needs, the page says so. */
  #start() {
    try {
      this.#sender = this.#newSender();
    } catch (error) {
      reportError(error);
      const words = gettext("This browser can't send files from this page (%(error)s). Update it, or use another one.");
      this.#say(interpolate(words, { error: messageOf(error) }));
    }
    return this.#sender;
  }

  /** @returns {Sender} */
  #newSender() {
    const {
      account,
      api: base = "",
      csrfToken = "",
      hashWorker,
      largestForm,
      replaces,
      thumbnailWorker,
    } = this.dataset;
    const api = new Api({ base, csrfToken, renewCsrfToken });
    const records = new Records(api);
    const queue = new Queue({ records, hashWorkerUrl: hashWorker, largestForm: Number(largestForm) });
    new Heartbeat(queue, records);
    const onproblem = (/** @type {string} */ why) => this.#warn(why);
    const links = new UploadLinks(api, queue, { pending: new PendingLinks(account), onproblem });
    queue.on("idle", () => {
      links.settle();
      this.#renewPage();
      this.#noticeEnd();
    });
    if (thumbnailWorker) {
      new Thumbnails(queue, { api, workerUrl: thumbnailWorker, onkept: () => this.#renewPage() });
    }
    const say = (/** @type {string} */ words) => this.#say(words, { adds: true });
    const unfinished = new UnfinishedList(this, queue, { records, replaces, onproblem: say });
    const empty = new EmptyFiles(this, (finds) => this.#take(new FileSelection(finds, { mayBeEmpty: true }), sender));
    const shown = (/** @type {Promise<Link>} */ made) => made.finally(() => this.#renewPage());
    new UploadList(this, queue, {
      one: (upload, rules) => shown(links.makeOne(upload, rules)),
      batch: (batch, rules) => shown(links.makeForBatch(batch, rules)),
      all: () => shown(links.makeAll()),
      mail: (link, recipients) => links.mail(link, recipients),
    });
    const sender = { queue, unfinished, links, empty };
    return sender;
  }

  /**
   * @param {FileSelection} selection
   * @param {Sender} sender
   */
  async #take(selection, sender) {
    this.#taking += 1;
    this.#begunAt ||= Date.now();
    // A dropped file may belong to an upload that was begun before.
    await sender.unfinished.isKnown;
    /** @type {Set<string>} */
    const notes = new Set();
    const batch = new Batch();
    let isAny = false;
    for await (const finds of selection.batches()) {
      isAny = true;
      for (const find of finds) notes.add(takeOne(find, selection.left, sender, batch));
      this.#join(batch, sender);
      await yieldToMain();
    }
    const { left, held } = selection;
    sender.empty.ask(held);
    notes.add(leftOut(left) || (isAny || held.length ? "" : NOTHING));
    for (const note of notes) this.#say(note, { adds: true });
    this.#taking -= 1;
  }

  /**
   * Have the link whose page this is lead to these, if it is one's page.
   *
   * @param {Batch} batch
   * @param {Sender} sender
   */
  #join({ uploads }, { links }) {
    const { joins: id, joinsUrl: url = "", joinsPage = "" } = this.dataset;
    if (id) links.join({ id, url, page_url: joinsPage }, uploads);
  }

  /**
   * @param {string} words
   * @param {{ adds?: boolean }} options `adds`: after what is said already
   */
  #say(words, { adds = false } = {}) {
    const note = partOf(this, "note", HTMLElement);
    const before = adds ? (note.textContent ?? "") : "";
    if (!before.includes(words) || !words) note.textContent = [before, words].filter(Boolean).join(" ");
    note.hidden = !note.textContent;
  }

  /** Tell somebody who has gone elsewhere that all is sent, if it took long. */
  async #noticeEnd() {
    const isLong = this.#begunAt > 0 && Date.now() - this.#begunAt >= LONG_MS;
    this.#begunAt = 0;
    if (!isLong || document.visibilityState === "visible") return;
    const { notify } = await import("../lib/notices.js");
    notify(gettext("Your upload has finished."));
  }

  /** @param {string} why */
  #warn(why) {
    this.#say(interpolate(gettext("Not all files are in the link. %(why)s"), { why }), { adds: true });
  }

  /** Show the new files and links in the tables below, without losing the rows above, which hold links. */
  async #renewPage() {
    if (!this.dataset.renews) return;
    const page = await fetchPage().catch(() => null);
    for (const selector of this.dataset.renews.split(",")) {
      const old = document.querySelector(selector);
      const renewed = page?.querySelector(selector);
      // Neither under the fingers of somebody who is working there, nor where a download is being packed.
      const isBusy = old?.contains(document.activeElement) || old?.querySelector('[aria-busy="true"]');
      if (old && renewed && !isBusy) old.replaceWith(renewed);
    }
  }
}

/** @param {Sender} sender */
function isUnfinished({ queue, links }) {
  return queue.isUnfinished || links.areJoining;
}

/**
 * Send one file. Return what to say of it, if anything. One that cannot even begin keeps no other from it.
 *
 * @param {Find} find
 * @param {Left} left
 * @param {Sender} sender
 * @param {Batch} batch what it was chosen with
 */
function takeOne({ file, path, root, steps }, left, { unfinished, links }, batch) {
  try {
    const reach = root && file.size >= REACHED_FROM ? { root, steps } : null;
    const upload = unfinished.send(new FileSource(file, path, reach), batch);
    return links.rejoin(upload) ? JOINS : "";
  } catch (error) {
    reportError(error);
    left.unreadable.push(path ? `${path}/${file.name}` : file.name);
    return "";
  }
}

async function renewCsrfToken() {
  // Somebody who is signed out is shown the page to sign in at.
  const drop = (await fetchPage()).querySelector("file-drop");
  return drop instanceof HTMLElement ? (drop.dataset.csrfToken ?? null) : null;
}

async function fetchPage() {
  const { text } = await ask(location.href, {
    headers: { Accept: "text/html" },
    cache: "no-store",
    timeout: TIMEOUT_MS,
  });
  return new DOMParser().parseFromString(text, "text/html");
}

customElements.define("file-drop", FileDrop);
