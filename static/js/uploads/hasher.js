// SHA-256 of blobs, computed off the main thread.

export class Hasher {
  #url;
  #worker = null;
  #pending = new Map();
  #lastId = 0;

  /** `url` is that of hash-worker.js, which the page knows by its hashed name. */
  constructor(url) {
    this.#url = url;
  }

  /** False on plain HTTP away from localhost: browsers have crypto.subtle in secure contexts alone. */
  get isAvailable() {
    return Boolean(globalThis.crypto?.subtle && globalThis.Worker && this.#url);
  }

  /** The SHA-256 in base64. Throws NotReadableError where the file behind the blob has changed. */
  digest(blob) {
    this.#worker ??= this.#start();
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, blob });
    });
  }

  #start() {
    const worker = new Worker(this.#url);
    worker.addEventListener("message", ({ data }) => this.#settle(data));
    worker.addEventListener("error", (event) => this.#fail(event));
    return worker;
  }

  #settle({ id, digest, error }) {
    const { resolve, reject } = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) reject(new DOMException(error.message, error.name));
    else resolve(digest);
  }

  #fail(event) {
    // The next digest starts a new worker.
    this.#worker.terminate();
    this.#worker = null;
    const error = new Error(event.message || "The worker that computes checksums did not start.");
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
