// The links of a page to what it sends: one to each upload, one to each batch, and one to all that moves.

import { BulkLink, changeRules, rulesOfNew } from "./bulk-link.js";

/** @typedef {import("../lib/api.js").Api} Api */
/** @typedef {import("./batch.js").Batch} Batch */
/** @typedef {import("./pending-links.js").PendingLink} PendingLink */
/** @typedef {import("./pending-links.js").PendingLinks} PendingLinks */
/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./source.js").FileSource} FileSource */
/** @typedef {import("./upload.js").Upload} Upload */

/** @typedef {schema.LinkChangesIn} Rules those that a link gets otherwise than by itself, or that are to change */

export class UploadLinks {
  #api;
  #queue;
  #pending;
  // Gives the link that was to lead to a source before this page was loaded.
  #pendingLinkOf;
  #onproblem;
  // Each upload's own, as a promise.
  /** @type {WeakMap<Upload, Promise<PendingLink>>} */
  #single = new WeakMap();
  /** @type {Set<BulkLink>} */
  #bulk = new Set();
  // By the uploads that each leads to: those of a batch, or all that moved together.
  /** @type {WeakMap<Set<Upload>, BulkLink>} */
  #bulkOf = new WeakMap();

  /**
   * `onproblem` is told in words why files cannot join a link.
   *
   * @param {Api} api
   * @param {Queue} queue
   * @param {{ pending: PendingLinks, onproblem: (why: string) => void }} options
   */
  constructor(api, queue, { pending, onproblem }) {
    this.#api = api;
    this.#queue = queue;
    this.#pending = pending;
    this.#pendingLinkOf = pending.finder();
    this.#onproblem = onproblem;
  }

  /** True if a link does not lead yet to all that it should. */
  get areJoining() {
    return [...this.#bulk].some(({ isJoining }) => isJoining);
  }

  /**
   * Make a link to one upload that has begun. Asked for again, it is the same link, under these rules by now. Throws
   * ApiError.
   *
   * @param {Upload} upload
   * @param {Rules} rules
   */
  async makeOne(upload, rules = {}) {
    const former = this.#single.get(upload);
    const link = former ? this.#changed(former, rules) : this.#makeSingle(upload, rules);
    this.#single.set(upload, link);
    try {
      return await link;
    } catch (error) {
      if (former) this.#single.set(upload, former);
      else this.#single.delete(upload);
      throw error;
    }
  }

  /**
   * @param {Upload} upload
   * @param {Rules} rules
   */
  async #makeSingle({ record }, rules) {
    if (!record) throw new TypeError("The upload has not begun.");
    return this.#api.request("POST /links/", { body: { files: [record.file.id], ...rulesOfNew(rules) } });
  }

  /**
   * @param {Promise<PendingLink>} former
   * @param {Rules} rules
   */
  async #changed(former, rules) {
    const link = await former;
    await changeRules(this.#api, link, rules);
    return link;
  }

  /**
   * Email a link. Throws ApiError.
   *
   * @param {PendingLink} link
   * @param {schema.RecipientsIn} recipients
   */
  mail({ id }, recipients) {
    return this.#api.request("POST /links/{link_id}/recipients/", { params: { link_id: id }, body: recipients });
  }

  /**
   * Make a link to a batch. Asked for again, it is the same link, under these rules by now. Throws ApiError.
   *
   * @param {Batch} batch
   * @param {Rules} rules
   * @returns {Promise<PendingLink>}
   */
  makeForBatch({ uploads }, rules = {}) {
    return this.#makeTo(uploads, this.#bulkOf.get(uploads), rules);
  }

  /**
   * Make a link to all that moved together. Asked for again, it is the same link, and leads to what was dropped
   * meanwhile, too. A link that one of the batches has already is that link. Throws ApiError.
   *
   * @returns {Promise<PendingLink>}
   */
  makeAll() {
    const { active } = this.#queue;
    return this.#makeTo(active, this.#bulkOf.get(active) ?? this.#linkOfOne(active));
  }

  /**
   * @param {Set<Upload>} uploads
   * @param {BulkLink} link
   * @param {Rules} rules
   * @returns {Promise<PendingLink>}
   */
  async #makeTo(uploads, link = this.#newBulkLink(), rules = {}) {
    this.#bulkOf.set(uploads, link);
    const made = await link.add([...uploads], rules);
    return link.isOver ? this.#makeTo(uploads, undefined, rules) : made;
  }

  /**
   * Return the link of the only batch among these uploads that has one.
   *
   * @param {Set<Upload>} uploads
   */
  #linkOfOne(uploads) {
    const batches = new Set([...uploads].map((upload) => this.#queue.batchOf(upload)));
    const links = [...batches].flatMap((batch) => this.#bulkOf.get(batch.uploads) ?? []);
    return links.length === 1 ? links[0] : undefined;
  }

  /**
   * Have the link that was to lead to this upload go on growing: it was made before a reload, say, and is that to all
   * of its batch. Return whether there is such a link.
   *
   * @param {Upload} upload
   */
  rejoin(upload) {
    const pending = this.#pendingLinkOf(upload.source);
    if (!pending) return false;
    const link = [...this.#bulk].find(({ made }) => made?.id === pending.id) ?? this.#newBulkLink(pending);
    const { uploads } = this.#queue.batchOf(upload);
    if (!this.#bulkOf.has(uploads)) this.#bulkOf.set(uploads, link);
    link.track(upload);
    return true;
  }

  /**
   * Have a link that was made before lead to these uploads as soon as they begin.
   *
   * @param {PendingLink} made
   * @param {Iterable<Upload>} uploads
   */
  join(made, uploads) {
    const link = [...this.#bulk].find((bulk) => bulk.made?.id === made.id) ?? this.#newBulkLink(made);
    link.add([...uploads]);
  }

  /** Forget what has arrived or was cancelled. */
  settle() {
    for (const link of this.#bulk) link.settle();
  }

  /** @param {PendingLink | null} made */
  #newBulkLink(made = null) {
    const link = new BulkLink(this.#api, { pending: this.#pending, onproblem: this.#onproblem, made });
    this.#bulk.add(link);
    return link;
  }
}
