// A large file: parts, signed just before they are sent, several in flight.

import { aborted, retry } from "../lib/retry.js";
import { SourceError } from "./source.js";
import { BucketError, send, worthTrying } from "./transport.js";

/** @typedef {import("./source.js").FileSource} FileSource */
/** @typedef {import("./upload.js").TransferTools} TransferTools */

// More lanes than limiter at most: while some parts travel, the next wait with their signatures ready.
const LANES = 14;
// As many as are hashed at once.
const FIRST_BATCH = 2;
// While a batch is sent, the next is hashed, which goes several times as fast; each costs the app a request.
const GROWTH = 6;
const LARGEST_BATCH = 64;
// So many parts are read once more in the end: a file that is replaced meanwhile is another one in all of them.
const READ_AGAIN = 4;
// A part of which so much has left is let through when its file is paused, for a while.
const NEARLY_THROUGH = 0.5;
const LET_THROUGH_MS = 20_000;

export class PartsTransfer {
  #record;
  #source;
  #tools;
  // Numbers of the parts that the bucket has.
  /** @type {Set<number>} */
  #stored = new Set();
  #storedBytes = 0;
  // By the number of each part on its way: bytes of it that have left.
  /** @type {Map<number, number>} */
  #moving = new Map();
  // By the number of each part: what the API was told of it.
  /** @type {Map<number, string>} */
  #digests = new Map();
  // By the number of each part on its way: what stops it, and its end.
  /** @type {Map<number, { stop: AbortController, ended: Promise<void> }>} */
  #puts = new Map();
  #isPausing = false;

  /**
   * @param {schema.UploadOut} record
   * @param {FileSource} source
   * @param {TransferTools} tools
   */
  constructor(record, source, tools) {
    this.#record = record;
    this.#source = source;
    this.#tools = tools;
    for (const number of record.stored_parts) this.#store(number);
  }

  /** Bytes that the bucket has, or that have left for it. */
  get sent() {
    let bytes = this.#storedBytes;
    for (const moving of this.#moving.values()) bytes += moving;
    return bytes;
  }

  /** Bytes that the bucket has. */
  get stored() {
    return this.#storedBytes;
  }

  /**
   * Send the parts that the bucket does not have; `missing` are numbers that it says it has not, after all.
   * Throws BucketError, ApiError, SourceError, or the signal's reason.
   *
   * @param {number[]} missing
   */
  async send(missing = []) {
    for (const number of missing) this.#forget(number);
    const strange = this.#strange();
    // Another file is noticed before a byte of it is sent; its middle is compared while the rest travels.
    for (const number of new Set([...strange.slice(0, 1), ...strange.slice(-1)])) await this.#prepare([number]);
    await Promise.all([this.#recognize(strange.slice(1, -1)), this.#sendRest()]);
    await this.#requireSame();
  }

  /**
   * Read a few parts again. Not every browser notices that a file is replaced while it is read: two would be mixed.
   * Throws SourceError.
   */
  async #requireSame() {
    const known = [...this.#digests.keys()].sort((a, b) => a - b);
    const step = (known.length - 1) / (READ_AGAIN - 1);
    const picked = new Set(Array.from({ length: READ_AGAIN }, (_, at) => known[Math.round(at * step)]));
    const isSame = async (/** @type {number} */ number) => (await this.#digest(number)) === this.#digests.get(number);
    const same = await Promise.all(known.filter((number) => picked.has(number)).map(isSame));
    if (!same.every(Boolean)) throw new SourceError("It has changed.", { isMixed: true });
  }

  /** @param {number} number */
  #digest(number) {
    const { call, hasher } = this.#tools;
    return call(() => this.#source.digestOf(number, this.#record.part_size, hasher));
  }

  /**
   * Begin no more parts, and stop those that are far from their end. Resolves once the others have arrived, or have
   * taken too long. Nothing else comes of it: `send()` goes on waiting for the signal.
   */
  async pause() {
    this.#isPausing = true;
    for (const [number, { stop }] of this.#puts) if (!this.#isNearlyThrough(number)) stop.abort();
    const late = new Promise((resolve) => setTimeout(resolve, LET_THROUGH_MS));
    await Promise.race([Promise.allSettled([...this.#puts.values()].map(({ ended }) => ended)), late]);
  }

  /** @param {number} number */
  #isNearlyThrough(number) {
    return (this.#moving.get(number) ?? 0) >= NEARLY_THROUGH * this.#body(number).size;
  }

  /** Return the numbers of the parts that the bucket has, but of which nobody knows yet that they are of this file. */
  #strange() {
    if (this.#record.checksum !== "sha256") return [];
    return [...this.#stored].filter((number) => !this.#source.recognized.has(number)).sort((a, b) => a - b);
  }

  /**
   * Have the API compare the digests of these parts with those of what it has. Throws ApiError "file-changed".
   *
   * @param {number[]} numbers
   */
  async #recognize(numbers) {
    for (let start = 0; start < numbers.length; start += LARGEST_BATCH) {
      await this.#prepare(numbers.slice(start, start + LARGEST_BATCH));
    }
  }

  async #sendRest() {
    const signed = this.#signed();
    // A lane asks the generator itself: leaving a `for await` would first wait for what the others asked.
    const lane = async () => {
      for (let next = await signed.next(); !next.done; next = await signed.next()) await this.#deliver(next.value);
      if (this.#isPausing) await aborted(this.#tools.signal);
    };
    await Promise.all(Array.from({ length: Math.min(LANES, this.#record.part_count) }, lane));
  }

  /**
   * Yield every part still to be sent, signed. The next batch is prepared while the one before is being sent.
   *
   * @returns {AsyncGenerator<schema.PartOut, void, undefined>}
   */
  async *#signed() {
    const batches = this.#batches();
    let upcoming = this.#prepareNext(batches);
    while (upcoming) {
      const batch = await upcoming;
      upcoming = this.#prepareNext(batches);
      // Handled when the batch is awaited; this silences "unhandled rejection" until then.
      upcoming?.catch(() => {});
      yield* batch;
    }
  }

  /** Yield numbers in batches, small ones first, so that bytes move at once. */
  *#batches() {
    /** @type {number[]} */
    let batch = [];
    let size = FIRST_BATCH;
    for (let number = 1; number <= this.#record.part_count; number += 1) {
      if (this.#stored.has(number)) continue;
      batch.push(number);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
      size = Math.min(LARGEST_BATCH, size * GROWTH);
    }
    if (batch.length) yield batch;
  }

  /** @param {Iterator<number[], void>} batches */
  #prepareNext(batches) {
    const next = batches.next();
    return next.done ? null : this.#prepare(next.value);
  }

  /**
   * Hash the parts with these numbers, and have them signed.
   *
   * @param {number[]} numbers
   */
  async #prepare(numbers) {
    const { records, call, signal } = this.#tools;
    const parts = await Promise.all(numbers.map((number) => this.#part(number)));
    const signed = await call(() => records.sign(this.#record.id, parts, signal));
    for (const { number, sha256 } of parts) {
      this.#source.recognized.add(number);
      if (sha256) this.#digests.set(number, sha256);
    }
    return signed;
  }

  /**
   * @param {number} number
   * @returns {Promise<schema.PartIn>}
   */
  async #part(number) {
    return this.#record.checksum === "sha256" ? { number, sha256: await this.#digest(number) } : { number };
  }

  /**
   * Send one part, and that part alone again when it fails.
   *
   * @param {schema.PartOut} signed
   */
  async #deliver(signed) {
    const { signal, limiter, holder, hasher, onwait } = this.#tools;
    const { number } = signed;
    /** @type {schema.PartOut | null} */
    let fresh = signed;
    const attempt = async () => {
      if (this.#isPausing) await aborted(signal);
      const part = fresh ?? (await this.#prepare([number]))[0];
      fresh = part;
      try {
        await limiter.hold(holder, signal, part.size, () => this.#put(part));
      } catch (error) {
        this.#setSent(number, 0);
        if (this.#isPausing) await aborted(signal);
        const isDamage = error instanceof BucketError && error.isDamage;
        if (isDamage || (error instanceof BucketError && error.isRefusal)) fresh = null;
        // Other bytes left than were hashed: on the way, or since they were read wrong.
        if (isDamage) hasher.distrust();
        await this.#source.requireReadable(this.#body(number));
        throw error;
      }
    };
    await retry(attempt, { isTemporary: worthTrying(), signal, onwait });
    this.#store(number);
    this.#tools.onprogress();
  }

  /** @param {schema.PartOut} part */
  #put({ number, url, headers }) {
    const stop = new AbortController();
    const { signal } = this.#tools;
    const stopToo = () => stop.abort(signal.reason);
    if (this.#isPausing || signal.aborted) stopToo();
    signal.addEventListener("abort", stopToo, { once: true });
    const onprogress = (/** @type {number} */ loaded) => this.#setSent(number, loaded);
    const sent = send({ method: "PUT", url, headers, body: this.#body(number), signal: stop.signal, onprogress });
    const ended = sent.finally(() => {
      signal.removeEventListener("abort", stopToo);
      this.#puts.delete(number);
    });
    this.#puts.set(number, { stop, ended });
    return ended;
  }

  /** @param {number} number */
  #body(number) {
    return this.#source.part(number, this.#record.part_size);
  }

  /**
   * @param {number} number
   * @param {number} bytes
   */
  #setSent(number, bytes) {
    const { limiter, holder } = this.#tools;
    limiter.move(bytes - (this.#moving.get(number) ?? 0), holder);
    this.#moving.set(number, bytes);
    this.#tools.onprogress();
  }

  /** @param {number} number */
  #store(number) {
    this.#moving.delete(number);
    this.#stored.add(number);
    this.#storedBytes += this.#body(number).size;
  }

  /** @param {number} number */
  #forget(number) {
    if (this.#stored.delete(number)) this.#storedBytes -= this.#body(number).size;
  }
}
