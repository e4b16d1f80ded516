// SHA-256 of blobs, computed off the main thread by a few workers.

import { messageOf } from "../lib/errors.js";

/**
 * A worker, and how many bytes wait for it; `worker` is null before its first blob.
 *
 * @typedef {{ worker: Worker | null, queued: number }} Place
 */

/** @typedef {{ digest: string, bytes: ArrayBuffer }} Hashed */

/**
 * @typedef {{
 *   place: Place,
 *   size: number,
 *   resolve: (hashed: Hashed) => void,
 *   reject: (reason: unknown) => void,
 * }} Pending
 */

/**
 * Answer of the worker: `bytes` where it was asked to hand them over.
 *
 * @typedef {{
 *   id: number,
 *   digest: string,
 *   bytes: ArrayBuffer,
 *   error?: { message: string, isOfReading: boolean },
 * }} Answer
 */

// Two hash faster than most networks send. Each holds what it hashes, and the browser a copy: 32 MiB for a part.
const WORKERS = 2;
// A worker that does not start so often, as where the browser or an extension refuses it, is done without.
const MAX_FAILURES = 3;

/** The script of a worker could not be fetched, as offline: the next digest starts another. */
class WorkerError extends Error {
  isTemporary = true;
}

/** A blob did not give its bytes to the worker. */
export class ReadingError extends Error {}

export class Hasher {
  // The address of hash-worker.js.
  #url;
  /** @type {Place[]} */
  #workers;
  // Unanswered questions by their ids.
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastId = 0;
  // True once bytes were read wrong: then memory is not used again.
  #isPlain = false;
  // Workers that failed one after the other.
  #failures = 0;
  // Ends when the page itself has hashed what it was asked for.
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /** @param {string | undefined} url that of hash-worker.js, which the page knows by its hashed name */
  constructor(url) {
    this.#url = url;
    this.#workers = Array.from({ length: WORKERS }, () => ({ worker: null, queued: 0 }));
  }

  /** False on plain HTTP away from localhost: browsers have crypto.subtle in secure contexts alone. */
  get isAvailable() {
    return Boolean(globalThis.crypto?.subtle && globalThis.Worker && this.#url);
  }

  /** From now on read in the plainest way: digests turned out to be others than those of what arrived. */
  distrust() {
    this.#isPlain = true;
  }

  /**
   * Return the SHA-256 in base64. Throws WorkerError, and ReadingError where the blob does not give its bytes.
   *
   * @param {Blob} blob
   */
  async digest(blob) {
    return (await this.#ask(blob)).digest;
  }

  /**
   * Return the same of a small blob, and what was read for it.
   *
   * @param {Blob} blob
   */
  read(blob) {
    return this.#ask(blob, { handsOver: true });
  }

  /**
   * @param {Blob} blob
   * @param {{ handsOver?: boolean }} options
   * @returns {Promise<Hashed>}
   */
  #ask(blob, options = {}) {
    if (this.#failures >= MAX_FAILURES) return this.#askHere(blob);
    const place = this.#workers.reduce((least, other) => (other.queued < least.queued ? other : least));
    /** @type {Worker} */
    let worker;
    try {
      worker = place.worker ?? this.#start(place);
    } catch {
      this.#failures = MAX_FAILURES;
      return this.#askHere(blob);
    }
    place.queued += blob.size;
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { place, size: blob.size, resolve, reject });
      worker.postMessage({ id, blob, isPlain: this.#isPlain, ...options });
    });
  }

  /**
   * Compute it in the page, one after the other, so that one part at most is in memory.
   *
   * @param {Blob} blob
   */
  #askHere(blob) {
    const answer = this.#turn.then(() => digestOf(blob));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** @param {Place} place */
  #start(place) {
    const worker = new Worker(this.#url ?? "");
    place.worker = worker;
    worker.addEventListener("message", ({ data }) => this.#settle(data));
    worker.addEventListener("error", (event) => this.#fail(place, worker, event));
    return worker;
  }

  /** @param {Answer} answer */
  #settle({ id, digest, bytes, error }) {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    pending.place.queued -= pending.size;
    this.#failures = 0;
    if (error) pending.reject(error.isOfReading ? new ReadingError(error.message) : new Error(error.message));
    else pending.resolve({ digest, bytes });
  }

  /**
   * @param {Place} place
   * @param {Worker} worker
   * @param {ErrorEvent} event
   */
  #fail(place, worker, { message }) {
    worker.terminate();
    place.worker = null;
    place.queued = 0;
    this.#failures += 1;
    // A script that could not be fetched has no message; one that is faulty has, and stays so.
    const error = message ? new Error(message) : new WorkerError("The worker that computes checksums did not start.");
    for (const [id, pending] of this.#pending) {
      if (pending.place !== place) continue;
      this.#pending.delete(id);
      pending.reject(error);
    }
  }
}

/** @param {Blob} blob */
async function digestOf(blob) {
  const bytes = await blob.arrayBuffer().catch((error) => {
    throw new ReadingError(messageOf(error));
  });
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { digest: btoa(String.fromCharCode(...digest)), bytes };
}
