// All uploads of this page, in their way: which of them move now, and how far they are together.

import { Emitter } from "../lib/emitter.js";
import { Batch } from "./batch.js";
import { ConcurrencyLimiter } from "./concurrency-limiter.js";
import { Hasher } from "./hasher.js";
import { totalsOf } from "./totals.js";
import { Upload } from "./upload.js";
import { UploadLane } from "./upload-lane.js";

/** @typedef {import("./records.js").Records} Records */
/** @typedef {import("./registration.js").Kept} Kept */
/** @typedef {import("./source.js").FileSource} FileSource */
/** @typedef {import("./upload.js").UploadTools} UploadTools */

// Small files are started and completed by the hundred, so that many are prepared while a few travel.
const SMALL_AT_ONCE = 400;
// As many bytes of forms are signed ahead: on a slow line more would expire before their turn.
const SMALL_BYTES = 32 * 1024 * 1024;
const SMALL_AT_LEAST = 12;
const LARGE_AT_ONCE = 3;

/**
 * Tells "change" of an upload whenever it has changed, "kept" as they do, and "idle" when the last of those that moved
 * has ended, and "clear" when what is over was taken out.
 *
 * @extends {Emitter<{ change: Upload, kept: Kept, idle: null, clear: null }>}
 */
export class Queue extends Emitter {
  /** @type {UploadTools} */
  #tools;
  /** @type {UploadLane<Upload>} */
  #small;
  /** @type {UploadLane<Upload>} */
  #large;
  /** @type {Set<Upload>} */
  #active = new Set();
  /** @type {WeakMap<Upload, Batch>} */
  #batchOf = new WeakMap();

  /**
   * The batches of files chosen at once, the newest last.
   *
   * @type {Set<Batch>}
   */
  batches = new Set();

  /**
   * All that the page shows.
   *
   * @type {Set<Upload>}
   */
  uploads = new Set();

  /**
   * `hashWorkerUrl`: see hasher.js; `largestForm`: see upload.js.
   *
   * @param {{ records: Records, hashWorkerUrl: string | undefined, largestForm: number }} options
   */
  constructor({ records, hashWorkerUrl, largestForm }) {
    super();
    this.#tools = { records, largestForm, hasher: new Hasher(hashWorkerUrl), limiter: new ConcurrencyLimiter() };
    const onend = () => this.#settle();
    this.#small = new UploadLane(maySmallRun, onend);
    this.#large = new UploadLane((count) => count <= LARGE_AT_ONCE, onend);
  }

  /**
   * Send what `source` gives; `record` is an upload of the API that was begun before; `batch`: what it was chosen with;
   * `mayReplace`: see upload.js.
   *
   * @param {FileSource} source
   * @param {schema.UploadOut | null} record
   * @param {{ batch?: Batch, mayReplace?: boolean }} options
   */
  add(source, record = null, { batch = new Batch(), mayReplace } = {}) {
    const upload = new Upload(source, this.#tools, record, { mayReplace });
    batch.add(upload);
    this.#batchOf.set(upload, batch);
    this.batches.add(batch);
    upload.on("change", () => this.emit("change", upload));
    upload.on("kept", (kept) => this.emit("kept", kept));
    this.uploads.add(upload);
    this.#enqueue(upload);
    return upload;
  }

  /**
   * Stop an upload, or forget one that failed.
   *
   * @param {Upload} upload
   */
  cancel(upload) {
    this.forget(upload);
    return upload.cancel();
  }

  /**
   * Take an upload that does not run out of the list; what the API and the bucket have of it stays.
   *
   * @param {Upload} upload
   */
  forget(upload) {
    this.uploads.delete(upload);
    this.#active.delete(upload);
    this.#laneOf(upload).remove(upload);
    const batch = this.batchOf(upload);
    batch.uploads.delete(upload);
    if (!batch.uploads.size) this.batches.delete(batch);
  }

  /**
   * Take what is over out of the list: files that have arrived stay where they are.
   *
   * @param {Batch} batch
   */
  clear(batch) {
    for (const upload of [...batch.uploads]) if (upload.isOver) this.forget(upload);
    this.emit("clear", null);
  }

  /** Take all batches out of the list that are over. */
  clearAll() {
    for (const batch of [...this.batches]) if (batch.isOver) this.clear(batch);
  }

  /**
   * Return what it was chosen with.
   *
   * @param {Upload} upload
   */
  batchOf(upload) {
    const batch = this.#batchOf.get(upload);
    if (!batch) throw new TypeError("The upload is of another queue.");
    return batch;
  }

  /** @param {Upload} upload */
  pause(upload) {
    this.#laneOf(upload).remove(upload);
    upload.pause();
    this.#settle();
  }

  /**
   * Go on with one that was paused or has failed.
   *
   * @param {Upload} upload
   */
  resume(upload) {
    upload.reset();
    this.#enqueue(upload);
  }

  /**
   * Send one that seems to be there, or is compared with what is, as a file of its own.
   *
   * @param {Upload} upload
   */
  sendAnyway(upload) {
    upload.sendAnyway();
    this.#enqueue(upload);
  }

  get isBusy() {
    return this.#small.isBusy || this.#large.isBusy;
  }

  /** True if a file would not arrive if the page were left now. */
  get isUnfinished() {
    return this.isBusy || this.totals.paused > 0;
  }

  /** Those that moved since it was last idle: the same Set until it begins anew. */
  get active() {
    return this.#active;
  }

  /** True if those that moved since it was last idle were not all chosen at once. */
  get isOfSeveralBatches() {
    /** @type {Batch | null} */
    let first = null;
    for (const upload of this.#active) {
      first ??= this.batchOf(upload);
      if (this.batchOf(upload) !== first) return true;
    }
    return false;
  }

  /** Return how far those are that moved since it was last idle. */
  get totals() {
    return totalsOf(this.#active);
  }

  /** @param {Upload} upload */
  #laneOf(upload) {
    return upload.isSmall ? this.#small : this.#large;
  }

  /** @param {Upload} upload */
  #enqueue(upload) {
    if (!this.isUnfinished) this.#active = new Set();
    this.#active.add(upload);
    this.#laneOf(upload).add(upload);
  }

  #settle() {
    if (!this.isBusy) this.emit("idle", null);
  }
}

/**
 * @param {number} count
 * @param {number} bytes
 */
function maySmallRun(count, bytes) {
  return count <= SMALL_AT_LEAST || (count <= SMALL_AT_ONCE && bytes <= SMALL_BYTES);
}
