// SHA-256 of blobs, computed off the main thread by a few workers.

// Two hash faster than most networks send. Each holds what it hashes, and the browser a copy: 32 MiB for a part.
const WORKERS = 2;
// A worker that does not start so often, as where the browser or an extension refuses it, is done without.
const MOST_FAILURES = 3;

/** The script of a worker could not be fetched, as offline: the next digest starts another. */
class WorkerError extends Error {
  isTemporary = true;
}

/** A blob did not give its bytes to the worker. */
class ReadingError extends Error {
  isOfReading = true;
}

export class Hasher {
  #url;
  #workers = [];
  #pending = new Map();
  #lastId = 0;
  #isPlain = false;
  #failures = 0;
  #turn = Promise.resolve();

  /** `url` is that of hash-worker.js, which the page knows by its hashed name. */
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

  /** The SHA-256 in base64. Throws WorkerError, and ReadingError where the blob does not give its bytes. */
  async digest(blob) {
    return (await this.#ask(blob)).digest;
  }

  /** {digest, bytes}: the same of a small blob, and what was read for it. */
  read(blob) {
    return this.#ask(blob, { handsOver: true });
  }

  #ask(blob, options = {}) {
    if (this.#failures >= MOST_FAILURES) return this.#askHere(blob);
    const place = this.#workers.reduce((least, other) => (other.queued < least.queued ? other : least));
    try {
      place.worker ??= this.#start(place);
    } catch {
      this.#failures = MOST_FAILURES;
      return this.#askHere(blob);
    }
    place.queued += blob.size;
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { place, size: blob.size, resolve, reject });
      place.worker.postMessage({ id, blob, isPlain: this.#isPlain, ...options });
    });
  }

  /** {digest, bytes} computed in the page, one after the other, so that one part at most is in memory. */
  #askHere(blob) {
    const answer = this.#turn.then(() => digestOf(blob));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  #start(place) {
    const worker = new Worker(this.#url);
    worker.addEventListener("message", ({ data }) => this.#settle(data));
    worker.addEventListener("error", (event) => this.#fail(place, event));
    return worker;
  }

  #settle({ id, digest, bytes, error }) {
    const { place, size, resolve, reject } = this.#pending.get(id);
    this.#pending.delete(id);
    place.queued -= size;
    this.#failures = 0;
    if (error) reject(error.isOfReading ? new ReadingError(error.message) : new Error(error.message));
    else resolve({ digest, bytes });
  }

  #fail(place, { message }) {
    place.worker.terminate();
    [place.worker, place.queued] = [null, 0];
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

async function digestOf(blob) {
  const bytes = await blob.arrayBuffer().catch((error) => {
    throw new ReadingError(error.message);
  });
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { digest: btoa(String.fromCharCode(...digest)), bytes };
}
