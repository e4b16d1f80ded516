// Thumbnails of the pictures that have arrived. They are made and sent one at a time while nothing else moves, so that
// no upload waits for one; and a picture whose thumbnail fails goes without.

import { limited } from "../lib/network.js";
import { formOf, send } from "./transport.js";

/** @typedef {import("../lib/api.js").Api} Api */
/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./upload.js").Upload} Upload */
/** @typedef {{ blob: Blob, sha256: string }} Thumbnail */

// More would take too much memory to decode.
const LARGEST_PICTURE = 50_000_000;
const TIMEOUT_MS = 60_000;

export class Thumbnails {
  #queue;
  #api;
  #workerUrl;
  #onkept;
  /** @type {Set<Upload>} */
  #waiting = new Set();
  #isWorking = false;

  /**
   * `workerUrl` is that of thumbnail-worker.js; `onkept` is called when some were sent and no more are to be.
   *
   * @param {Queue} queue
   * @param {{ api: Api, workerUrl: string, onkept: () => void }} options
   */
  constructor(queue, { api, workerUrl, onkept }) {
    this.#queue = queue;
    this.#api = api;
    this.#workerUrl = workerUrl;
    this.#onkept = onkept;
    if (!isAvailable()) return;
    queue.on("change", (upload) => this.#enqueue(upload));
    queue.on("idle", () => this.#work());
  }

  /** @param {Upload} upload */
  #enqueue(upload) {
    const { type, size } = upload.source;
    const isPicture = type.startsWith("image/") && size <= LARGEST_PICTURE;
    if (upload.state === "ready" && !upload.isDuplicate && isPicture) this.#waiting.add(upload);
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

  /**
   * Make one and have it kept. Return how many that were. Throws what fails.
   *
   * @param {Upload} upload
   */
  async #keep(upload) {
    const limit = limited(null, TIMEOUT_MS);
    try {
      return await this.#make(upload, limit.signal);
    } finally {
      limit.end();
    }
  }

  /**
   * @param {Upload} upload
   * @param {AbortSignal} signal
   */
  async #make({ source, record }, signal) {
    if (!record) return 0;
    const made = await answer(this.#workerUrl, source.whole(), signal);
    if (!made) return 0;
    const { blob, sha256 } = made;
    const params = { file_id: record.file.id };
    const body = { size: blob.size, sha256 };
    const { url, fields } = await this.#api.request("POST /files/{file_id}/thumbnail/", { params, body, signal });
    await send({ method: "POST", url, ...formOf(fields, blob), signal, onprogress: () => {} });
    await this.#api.request("POST /files/{file_id}/thumbnail/completion/", { params, signal });
    return 1;
  }
}

/** Return whether this browser can draw away from the page, and compute a digest: on plain HTTP it cannot. */
function isAvailable() {
  return Boolean(globalThis.OffscreenCanvas && globalThis.Worker && globalThis.crypto?.subtle);
}

/**
 * Return what a worker answers. Each has its own: what the picture took goes with it, and a late answer is nobody's.
 *
 * @param {string} workerUrl
 * @param {Blob} picture
 * @param {AbortSignal} signal
 * @returns {Promise<Thumbnail | null>}
 */
async function answer(workerUrl, picture, signal) {
  const worker = new Worker(workerUrl);
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }) => resolve(data));
      worker.addEventListener("error", reject);
      signal.addEventListener("abort", () => reject(signal.reason));
      worker.postMessage(picture);
    });
  } finally {
    worker.terminate();
  }
}
