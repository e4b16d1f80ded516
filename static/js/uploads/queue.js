// Several files on their way: which of them move now, and how far they are together.

import { Hasher } from "./hasher.js";
import { Slots } from "./slots.js";
import { Upload } from "./upload.js";

// A browser opens six connections to one host over HTTP/1.1; more would only wait inside it.
const REQUESTS_AT_ONCE = 6;
// Small files have lanes of their own, and so are never stuck behind large ones.
const SMALL_AT_ONCE = 6;
const LARGE_AT_ONCE = 3;

/**
 * Dispatches "change" with `upload` as its detail whenever one of them has changed, and "idle" when the last of
 * those that moved has ended.
 */
export class Queue extends EventTarget {
  #tools;
  #small = { waiting: [], running: 0, limit: SMALL_AT_ONCE };
  #large = { waiting: [], running: 0, limit: LARGE_AT_ONCE };
  #batch = new Set();

  /** `hashWorkerUrl`: see hasher.js; `largestForm`: see upload.js. */
  constructor({ api, hashWorkerUrl, largestForm }) {
    super();
    this.uploads = new Set();
    this.#tools = { api, largestForm, hasher: new Hasher(hashWorkerUrl), slots: new Slots(REQUESTS_AT_ONCE) };
  }

  /** Send what `source` gives; `record` is an Upload of the API that was begun before. */
  add(source, record = null) {
    const upload = new Upload(source, this.#tools, record);
    upload.addEventListener("change", () => this.dispatchEvent(new CustomEvent("change", { detail: upload })));
    this.uploads.add(upload);
    this.#enqueue(upload);
    return upload;
  }

  /** Stop an upload, or forget one that failed. */
  cancel(upload) {
    this.uploads.delete(upload);
    this.#batch.delete(upload);
    const { waiting } = this.#laneOf(upload);
    if (waiting.includes(upload)) waiting.splice(waiting.indexOf(upload), 1);
    return upload.cancel();
  }

  retry(upload) {
    upload.reset();
    this.#enqueue(upload);
  }

  get isBusy() {
    return this.#lanes.some(({ running, waiting }) => running || waiting.length);
  }

  /** Of those that moved since it was last idle: {count, ready, failed, size, sent}. What failed will not be sent. */
  get totals() {
    const totals = { count: this.#batch.size, ready: 0, failed: 0, size: 0, sent: 0 };
    for (const upload of this.#batch) {
      const { sent } = upload;
      totals.sent += sent;
      totals.size += upload.state === "failed" ? sent : upload.size;
      if (upload.state === "ready") totals.ready += 1;
      if (upload.state === "failed") totals.failed += 1;
    }
    return totals;
  }

  get #lanes() {
    return [this.#small, this.#large];
  }

  #laneOf(upload) {
    return upload.size <= this.#tools.largestForm ? this.#small : this.#large;
  }

  #enqueue(upload) {
    if (!this.isBusy) this.#batch.clear();
    this.#batch.add(upload);
    const lane = this.#laneOf(upload);
    lane.waiting.push(upload);
    this.#advance(lane);
  }

  #advance(lane) {
    while (lane.running < lane.limit && lane.waiting.length) {
      lane.running += 1;
      lane.waiting
        .shift()
        .run()
        .then(() => {
          lane.running -= 1;
          this.#advance(lane);
          if (!this.isBusy) this.dispatchEvent(new Event("idle"));
        });
    }
  }
}
