// Thumbnails of the pictures that have arrived. They are made and sent one at a time while nothing else moves, so that
// no upload waits for one; and a picture whose thumbnail fails goes without.

import { limited } from "../lib/network.js";
import { formOf, send } from "./transport.js";

// More would take too much memory to decode.
const LARGEST_PICTURE = 50_000_000;
const PATIENCE_MS = 60_000;

export class Thumbnails {
  #queue;
  #api;
  #workerUrl;
  #onkept;
  #waiting = new Set();
  #isWorking = false;

  /** `workerUrl` is that of thumbnail-worker.js; `onkept` is called when some were sent and no more are to be. */
  constructor(queue, { api, workerUrl, onkept }) {
    [this.#queue, this.#api, this.#workerUrl, this.#onkept] = [queue, api, workerUrl, onkept];
    if (!isAvailable()) return;
    queue.addEventListener("change", ({ detail }) => this.#note(detail));
    queue.addEventListener("idle", () => this.#work());
  }

  #note(upload) {
    const { type, size } = upload.source;
    if (upload.state === "ready" && !upload.wasThere && type.startsWith("image/") && size <= LARGEST_PICTURE)
      this.#waiting.add(upload);
  }

  async #work() {
    if (this.#isWorking || !this.#waiting.size) return;
    this.#isWorking = true;
    let kept = 0;
    for (const upload of this.#waiting) {
      if (this.#queue.isBusy) break;
      this.#waiting.delete(upload);
      kept += await this.#keep(upload).catch(() => 0);
    }
    this.#isWorking = false;
    if (kept) this.#onkept();
  }

  /** Make one and have it kept: how many that were. Throws what fails. */
  async #keep(upload) {
    const limit = limited(null, PATIENCE_MS);
    try {
      return await this.#make(upload, limit.signal);
    } finally {
      limit.end();
    }
  }

  async #make({ source, record }, signal) {
    const made = await answer(this.#workerUrl, source.whole(), signal);
    if (!made) return 0;
    const { blob, sha256 } = made;
    const address = `/files/${record.file.id}/thumbnail/`;
    const { url, fields } = await this.#api.request("POST", address, { body: { size: blob.size, sha256 }, signal });
    await send({ method: "POST", url, ...formOf(fields, blob), signal, onprogress: () => {} });
    await this.#api.request("POST", `${address}completion/`, { signal });
    return 1;
  }
}

/** Whether this browser can draw away from the page, and compute a digest: on plain HTTP it cannot. */
function isAvailable() {
  return Boolean(globalThis.OffscreenCanvas && globalThis.Worker && globalThis.crypto?.subtle);
}

/** What a worker answers. Each has its own: what the picture took goes with it, and a late answer is nobody's. */
function answer(workerUrl, question, signal) {
  const worker = new Worker(workerUrl);
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }) => resolve(data));
    worker.addEventListener("error", reject);
    signal.addEventListener("abort", () => reject(signal.reason));
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}
