// A large file: parts, signed just before they are sent, several in flight.

import { persist } from "../lib/backoff.js";
import { send, worthTrying } from "./transport.js";

// More lanes than slots: while some parts travel, the next wait with their signatures ready.
const LANES = 8;
const LARGEST_BATCH = 8;

export class PartsTransfer {
  #record;
  #source;
  #tools;
  #stored;
  #storedBytes = 0;
  #moving = new Map();

  /** `tools`: {call, slots, holder, hasher, signal, onprogress, onwait}, see upload.js. */
  constructor(record, source, tools) {
    this.#record = record;
    this.#source = source;
    this.#tools = tools;
    this.#stored = new Set();
    for (const number of record.stored_parts) this.#store(number);
  }

  /** Bytes that the bucket has, or that have left for it. */
  get sent() {
    let bytes = this.#storedBytes;
    for (const moving of this.#moving.values()) bytes += moving;
    return bytes;
  }

  /**
   * Send the parts that the bucket does not have; `missing` are numbers that it says it has not, after all.
   * Throws BucketError, ApiError, NotReadableError, or the signal's reason.
   */
  async send(missing = []) {
    for (const number of missing) this.#forget(number);
    const signed = this.#signed();
    // A lane asks the generator itself: leaving a `for await` would first wait for what the others asked.
    const lane = async () => {
      for (let next = await signed.next(); !next.done; next = await signed.next()) await this.#deliver(next.value);
    };
    await Promise.all(Array.from({ length: Math.min(LANES, this.#record.part_count) }, lane));
  }

  /** Every part still to be sent, signed. The next batch is prepared while the one before is being sent. */
  async *#signed() {
    const batches = this.#batches();
    let upcoming = this.#prepareNext(batches);
    while (upcoming) {
      const batch = await upcoming;
      upcoming = this.#prepareNext(batches);
      // Its failure is for whoever asks for the batch; until then nobody listens.
      upcoming?.catch(() => {});
      yield* batch;
    }
  }

  /** Numbers in small batches: the first is one part, so that bytes move at once. */
  *#batches() {
    let batch = [];
    let size = 1;
    for (let number = 1; number <= this.#record.part_count; number += 1) {
      if (this.#stored.has(number)) continue;
      batch.push(number);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
      size = Math.min(LARGEST_BATCH, size * 2);
    }
    if (batch.length) yield batch;
  }

  #prepareNext(batches) {
    const { value, done } = batches.next();
    return done ? null : this.#prepare(value);
  }

  /** Hash and sign the parts with these numbers. */
  async #prepare(numbers) {
    const { call, hasher } = this.#tools;
    const parts = await Promise.all(
      numbers.map(async (number) =>
        this.#record.checksum === "sha256" ? { number, sha256: await hasher.digest(this.#body(number)) } : { number },
      ),
    );
    return (await call("POST", `/uploads/${this.#record.id}/parts/`, { parts })).parts;
  }

  /** Send one part, and that part alone again when it fails. */
  async #deliver(signed) {
    const { signal, slots, holder, onwait } = this.#tools;
    const { number } = signed;
    let part = signed;
    const attempt = async () => {
      if (!part) [part] = await this.#prepare([number]);
      try {
        await slots.hold(holder, signal, () => this.#put(part));
      } catch (error) {
        this.#note(number, 0);
        if (error.isRefusal || error.isDamage) part = null;
        await this.#source.requireReadable();
        throw error;
      }
    };
    await persist(attempt, { isTemporary: worthTrying(), signal, onwait });
    this.#store(number);
    this.#tools.onprogress();
  }

  #put({ number, url, headers }) {
    return send({
      method: "PUT",
      url,
      headers,
      body: this.#body(number),
      signal: this.#tools.signal,
      onprogress: (loaded) => this.#note(number, loaded),
    });
  }

  #body(number) {
    return this.#source.part(number, this.#record.part_size);
  }

  #note(number, bytes) {
    this.#moving.set(number, bytes);
    this.#tools.onprogress();
  }

  #store(number) {
    this.#moving.delete(number);
    this.#stored.add(number);
    this.#storedBytes += this.#body(number).size;
  }

  #forget(number) {
    if (this.#stored.delete(number)) this.#storedBytes -= this.#body(number).size;
  }
}
