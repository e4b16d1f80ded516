// The links of a page to what it sends: one to each upload, one to each batch, and one to all that moves.

import { BulkLink } from "./bulk-link.js";

/** @typedef {import("../lib/api.js").Api} Api */
/** @typedef {import("./batch.js").Batch} Batch */
/** @typedef {import("./pending-links.js").PendingLink} PendingLink */
/** @typedef {import("./pending-links.js").PendingLinks} PendingLinks */
/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./source.js").FileSource} FileSource */
/** @typedef {import("./upload.js").Upload} Upload */

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
   * Make a link to one upload that has begun. Asked for again, it is the same link. Throws ApiError.
   *
   * @param {Upload} upload
   */
  async makeOne(upload) {
    const link = this.#single.get(upload) ?? this.#makeSingle(upload);
    this.#single.set(upload, link);
    try {
      return await link;
    } catch (error) {
      this.#single.delete(upload);
      throw error;
    }
  }

  /** @param {Upload} upload */
  async #makeSingle({ record }) {
    if (!record) throw new TypeError("The upload has not begun.");
    return this.#api.request("POST /links/", { body: { files: [record.file.id] } });
  }

  /**
   * Make a link to a batch. Asked for again, it is the same link. Throws ApiError.
   *
   * @param {Batch} batch
   * @returns {Promise<PendingLink>}
   */
  makeForBatch({ uploads }) {
    return this.#makeTo(uploads, this.#bulkOf.get(uploads));
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
   * @returns {Promise<PendingLink>}
   */
  async #makeTo(uploads, link = this.#newBulkLink()) {
    this.#bulkOf.set(uploads, link);
    const made = await link.add([...uploads]);
    return link.isOver ? this.#makeTo(uploads) : made;
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
  goOnWith(upload) {
    const pending = this.#pendingLinkOf(upload.source);
    if (!pending) return false;
    const link = [...this.#bulk].find(({ made }) => made?.id === pending.id) ?? this.#newBulkLink(pending);
    const { uploads } = this.#queue.batchOf(upload);
    if (!this.#bulkOf.has(uploads)) this.#bulkOf.set(uploads, link);
    link.track(upload);
    return true;
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
