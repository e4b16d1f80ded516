// One link to several uploads: those that have not begun yet join it as soon as they do.

import { ApiError } from "../lib/api.js";
import { Batcher } from "../lib/batcher.js";
import { isTemporary, messageOf } from "../lib/errors.js";
import { retry } from "../lib/retry.js";
import { cut } from "../lib/text.js";
import { gettext } from "../lib/translation.js";

/** @typedef {import("../lib/api.js").Api} Api */
/** @typedef {import("./pending-links.js").PendingLink} PendingLink */
/** @typedef {import("./pending-links.js").PendingLinks} PendingLinks */
/** @typedef {import("./upload.js").Upload} Upload */
/** @typedef {schema.LinkChangesIn} Rules */

const GONE = gettext("The link, or a file for it, no longer exists. Reload this page.");
const ENDED = new Set(["expired", "revoked", "suspended"]);
const LONGEST_TITLE = 200; // in code points, as the API counts
const MAX_AT_ONCE = 5000; // as many as a link takes: it says so of more

export class BulkLink {
  /**
   * The API's link, once there is one.
   *
   * @type {PendingLink | null}
   */
  made;
  /** True once it was seen to give nothing any longer. */
  isOver = false;
  #api;
  #pending;
  #onproblem;
  /** @type {Batcher<string, string>} */
  #joins = new Batcher((ids) => this.#grant(ids));
  /** @type {Set<Upload>} */
  #uploads = new Set();
  // By the files' ids: each is over once the link leads to the file.
  /** @type {Map<string, Promise<void>>} */
  #joined = new Map();
  // The number of those about to join.
  #joining = 0;
  // True once a file could not join: until the link is asked for again, none does.
  #isRefused = false;

  /**
   * `onproblem` is told in words why files cannot join; `made`: a link of before.
   *
   * @param {Api} api
   * @param {{ pending: PendingLinks, onproblem: (why: string) => void, made?: PendingLink | null }} options
   */
  constructor(api, { pending, onproblem, made = null }) {
    this.#api = api;
    this.#pending = pending;
    this.#onproblem = onproblem;
    this.made = made;
  }

  /** True if files have begun that it does not lead to yet. */
  get isJoining() {
    return this.#joining > 0;
  }

  /**
   * Have it lead to these, too, under these rules. Return the link as soon as it leads to those that have begun. Throws
   * ApiError.
   *
   * @param {Upload[]} uploads
   * @param {Rules} rules
   */
  async add(uploads, rules = {}) {
    this.#isRefused = false;
    const wanted = uploads.filter(({ state }) => state !== "cancelled");
    if (this.made) await changeRules(this.#api, this.made, rules);
    const link = this.made ?? (await this.#make(wanted, rules));
    this.made = link;
    const missing = wanted.filter(({ state }) => state !== "ready").map(({ source }) => source);
    if (missing.length) this.#pending.add(link, missing);
    await Promise.all(wanted.map((upload) => this.track(upload)));
    return link;
  }

  /** Forget what has arrived, or was cancelled: it is no longer pending. */
  settle() {
    const isOver = (/** @type {Upload} */ { state }) => state === "ready" || state === "cancelled";
    const uploads = [...this.#uploads];
    const over = uploads.filter(isOver).map(({ source }) => source);
    const missing = uploads.filter((upload) => !isOver(upload)).map(({ source }) => source);
    if (this.made) this.#pending.remove(this.made.id, over, missing);
  }

  /**
   * @param {Upload[]} uploads
   * @param {Rules} rules
   */
  async #make(uploads, rules) {
    const files = uploads.flatMap((upload) => fileOf(upload) ?? []).slice(0, MAX_AT_ONCE);
    const body = { files, title: folderOf(uploads), ...rulesOfNew(rules) };
    const link = await this.#api.request("POST /links/", { body });
    for (const id of files) this.#joined.set(id, Promise.resolve());
    return link;
  }

  /**
   * Lead to this one as soon as it has begun; begun anew, after a failure, it brings another file.
   *
   * @param {Upload} upload
   */
  async track(upload) {
    if (!this.#uploads.has(upload)) upload.on("change", () => this.#look(upload));
    this.#uploads.add(upload);
    await this.#look(upload);
  }

  /** @param {Upload} upload */
  async #look(upload) {
    const id = fileOf(upload);
    if (!id || this.#isRefused || this.isOver) return;
    const joined = this.#joined.get(id) ?? this.#join(id);
    this.#joined.set(id, joined);
    await joined;
  }

  /** @param {string} id */
  async #join(id) {
    this.#joining += 1;
    try {
      await this.#joins.ask(id);
    } catch (error) {
      // Not again with each step of its progress: only when the link is asked for once more.
      this.#isRefused = true;
      this.#joined.delete(id);
      this.#onproblem(messageOf(error));
    } finally {
      this.#joining -= 1;
    }
  }

  /** @param {string} id */
  #isCancelled(id) {
    return ![...this.#uploads].some(({ record }) => record?.file.id === id);
  }

  /**
   * @param {string[]} ids
   * @returns {Promise<string[]>}
   */
  async #grant(ids) {
    try {
      const { signal } = new AbortController();
      const { state } = await retry(() => this.#addFiles(ids), { isTemporary, signal });
      this.isOver = ENDED.has(state);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
      if (ids.length === 1 && !this.#isCancelled(ids[0])) throw new Error(GONE);
      // One of several was cancelled meanwhile.
      if (ids.length > 1) for (const one of ids) await this.#grant([one]);
    }
    return ids;
  }

  /** @param {string[]} ids */
  #addFiles(ids) {
    const params = { link_id: this.made?.id ?? "" };
    return this.#api.request("POST /links/{link_id}/files/", { params, body: { files: ids } });
  }
}

/**
 * Have the API change a link, if there is anything to change. Throws ApiError.
 *
 * @param {Api} api
 * @param {PendingLink} link
 * @param {Rules} rules
 */
export async function changeRules(api, { id }, rules) {
  if (Object.keys(rules).length) await api.request("PATCH /links/{link_id}/", { params: { link_id: id }, body: rules });
}

/**
 * Return the rules as a link that is made takes them.
 *
 * @param {Rules} rules
 */
export function rulesOfNew({ expiry, ...rules }) {
  return expiry ? { ...rules, expiry } : rules;
}

/**
 * Return the id of the file that this upload brings, once it has begun; null where it will not arrive.
 *
 * @param {Upload} upload
 */
function fileOf({ record, state }) {
  return record && state !== "failed" && state !== "cancelled" ? record.file.id : null;
}

/**
 * Return the folder that all of them come from, or "".
 *
 * @param {Upload[]} uploads
 */
function folderOf(uploads) {
  const [top, ...others] = new Set(uploads.map(({ source }) => source.path.split("/")[0]));
  return others.length ? "" : cut(top, LONGEST_TITLE);
}
