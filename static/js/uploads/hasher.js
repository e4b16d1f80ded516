// SHA-256 of blobs, computed off the main thread by a few workers.

const MOST_WORKERS = 4;
// A worker holds what it hashes in memory: the parts of large files share a few, one of them at a time in each.
const LARGE = 1024 * 1024;

/** A worker did not start, as offline, or gave up: the next digest starts another. */
class WorkerError extends Error {
  isTemporary = true;
}

export class Hasher {
  #url;
  #workers = [];
  #pending = new Map();
  #lastId = 0;

  /** `url` is that of hash-worker.js, which the page knows by its hashed name. */
  constructor(url, cores = globalThis.navigator?.hardwareConcurrency ?? 1) {
    this.#url = url;
    const count = Math.min(MOST_WORKERS, Math.max(1, cores));
    this.#workers = Array.from({ length: count }, () => ({ worker: null, queued: 0 }));
  }

  /** False on plain HTTP away from localhost: browsers have crypto.subtle in secure contexts alone. */
  get isAvailable() {
    return Boolean(globalThis.crypto?.subtle && globalThis.Worker && this.#url);
  }

  /** The SHA-256 in base64. Throws NotReadableError where the file behind the blob has changed, WorkerError. */
  digest(blob) {
    const place = this.#placeFor(blob);
    place.worker ??= this.#start(place);
    place.queued += blob.size;
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { place, size: blob.size, resolve, reject });
      place.worker.postMessage({ id, blob });
    });
  }

  /** The least busy one; half of them are for large blobs, so that a small one finds the others free. */
  #placeFor({ size }) {
    const half = Math.ceil(this.#workers.length / 2);
    const open = size > LARGE ? this.#workers.slice(0, half) : this.#workers;
    return open.reduce((least, place) => (place.queued < least.queued ? place : least));
  }

  #start(place) {
    const worker = new Worker(this.#url);
    worker.addEventListener("message", ({ data }) => this.#settle(data));
    worker.addEventListener("error", (event) => this.#fail(place, event));
    return worker;
  }

  #settle({ id, digest, error }) {
    const { place, size, resolve, reject } = this.#pending.get(id);
    this.#pending.delete(id);
    place.queued -= size;
    if (error) reject(new DOMException(error.message, error.name));
    else resolve(digest);
  }

  #fail(place, event) {
    place.worker.terminate();
    [place.worker, place.queued] = [null, 0];
    const error = new WorkerError(event.message || "The worker that computes checksums did not start.");
    for (const [id, pending] of this.#pending) {
      if (pending.place !== place) continue;
      this.#pending.delete(id);
      pending.reject(error);
    }
  }
}
