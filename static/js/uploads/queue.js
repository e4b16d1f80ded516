// All uploads of this page, in their way: which of them move now, and how far they are together.

import { ConcurrencyLimiter } from "./concurrency-limiter.js";
import { Hasher } from "./hasher.js";
import { Upload } from "./upload.js";
import { UploadLane } from "./upload-lane.js";

// Small files are announced and completed by the hundred, so that many are prepared while a few travel.
const SMALL_AT_ONCE = 400;
// As many bytes of forms are signed ahead: on a slow line more would expire before their turn.
const SMALL_BYTES = 32 * 1024 * 1024;
const SMALL_AT_LEAST = 12;
const LARGE_AT_ONCE = 3;

/**
 * Dispatches "change" with `upload` as its detail whenever one of them has changed, "kept" as they do, and "idle" when
 * the last of those that moved has ended.
 */
export class Queue extends EventTarget {
  #tools;
  #small;
  #large;
  #batch = new Set();

  /** `records`: see records.js; `hashWorkerUrl`: see hasher.js; `largestForm`: see upload.js. */
  constructor({ records, hashWorkerUrl, largestForm }) {
    super();
    this.uploads = new Set();
    this.#tools = { records, largestForm, hasher: new Hasher(hashWorkerUrl), limiter: new ConcurrencyLimiter() };
    const onend = () => this.#settle();
    const maySmall = (count, bytes) => count <= SMALL_AT_LEAST || (count <= SMALL_AT_ONCE && bytes <= SMALL_BYTES);
    this.#small = new UploadLane(maySmall, onend);
    this.#large = new UploadLane((count) => count <= LARGE_AT_ONCE, onend);
  }

  /** Send what `source` gives; `record` is an Upload of the API that was begun before; `options`: see upload.js. */
  add(source, record = null, options = {}) {
    const upload = new Upload(source, this.#tools, record, options);
    upload.addEventListener("change", () => this.dispatchEvent(new CustomEvent("change", { detail: upload })));
    upload.addEventListener("kept", ({ detail }) => this.dispatchEvent(new CustomEvent("kept", { detail })));
    this.uploads.add(upload);
    this.#enqueue(upload);
    return upload;
  }

  /** Stop an upload, or forget one that failed. */
  cancel(upload) {
    this.forget(upload);
    return upload.cancel();
  }

  /** Take an upload that does not run out of the list; what the API and the bucket have of it stays. */
  forget(upload) {
    this.uploads.delete(upload);
    this.#batch.delete(upload);
    this.#laneOf(upload).remove(upload);
  }

  pause(upload) {
    this.#laneOf(upload).remove(upload);
    upload.pause();
    this.#settle();
  }

  /** Go on with one that was paused or has failed. */
  resume(upload) {
    upload.reset();
    this.#enqueue(upload);
  }

  /** Send one that seems to be there, or is compared with what is, as a file of its own. */
  sendAnyway(upload) {
    upload.sendAnyway();
    this.#enqueue(upload);
  }

  get isBusy() {
    return this.#small.isBusy || this.#large.isBusy;
  }

  /** Whether a file would not arrive if the page were left now. */
  get isUnfinished() {
    return this.isBusy || this.totals.paused > 0;
  }

  /** Those that moved since it was last idle: the same Set until it begins anew. */
  get batch() {
    return this.#batch;
  }

  /**
   * Of the batch: {count, ready, failed, paused, size, sent}; what failed will not be
   * sent. {there, thereSize} of them are those that had arrived before.
   */
  get totals() {
    const totals = {
      count: this.#batch.size,
      ready: 0,
      failed: 0,
      paused: 0,
      size: 0,
      sent: 0,
      there: 0,
      thereSize: 0,
    };
    for (const { state, sent, size, wasThere } of this.#batch) {
      totals.sent += sent;
      totals.size += state === "failed" ? sent : size;
      if (state in totals) totals[state] += 1;
      if (!wasThere) continue;
      totals.there += 1;
      totals.thereSize += size;
    }
    return totals;
  }

  #laneOf(upload) {
    return upload.isSmall ? this.#small : this.#large;
  }

  #enqueue(upload) {
    if (!this.isUnfinished) this.#batch = new Set();
    this.#batch.add(upload);
    this.#laneOf(upload).add(upload);
  }

  #settle() {
    if (!this.isBusy) this.dispatchEvent(new Event("idle"));
  }
}
