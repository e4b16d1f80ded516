// One file on its way into the bucket: begun, sent, completed.

import { persist } from "../lib/backoff.js";
import { FormTransfer } from "./form.js";
import { PartsTransfer } from "./parts.js";
import { explain } from "./problems.js";

// How often parts are sent again that the bucket turns out not to have.
const ROUNDS = 3;

/**
 * Dispatches "change" whenever its state, progress or `isWaiting` has changed.
 *
 * `state`: waiting, moving, finishing, ready, failed or cancelled. `record`: the API's Upload, or null before it
 * has begun. `problem`: {text, canRetry} once failed.
 */
export class Upload extends EventTarget {
  #api;
  #slots;
  #hasher;
  #largestForm;
  #control = new AbortController();
  #transfer = null;
  #waits = 0;

  /**
   * `largestForm`: the bytes up to which a file travels as one form, and so is announced with its digest.
   * `record`: an Upload of the API that was begun before, of the same file: what the bucket has is not sent again.
   */
  constructor(source, { api, slots, hasher, largestForm }, record = null) {
    super();
    this.source = source;
    this.record = record;
    this.state = "waiting";
    this.problem = null;
    this.#api = api;
    this.#slots = slots;
    this.#hasher = hasher;
    this.#largestForm = largestForm;
  }

  get size() {
    return this.source.size;
  }

  /** Bytes that have left for the bucket, or that it already has. */
  get sent() {
    return this.state === "ready" ? this.size : (this.#transfer?.sent ?? 0);
  }

  /** True while nothing moves because something failed and is about to be tried again. */
  get isWaiting() {
    return this.#waits > 0 && !this.#slots.isHeldBy(this);
  }

  get isOver() {
    return this.state === "ready" || this.state === "failed" || this.state === "cancelled";
  }

  /** Bring the file into the bucket. Never throws: how it ended is in `state`. */
  async run() {
    this.#control = new AbortController();
    this.problem = null;
    this.#become("moving");
    try {
      await this.#send();
      this.#become("ready");
    } catch (error) {
      if (this.state !== "cancelled") await this.#fail(error);
    } finally {
      // One part gave up: stop those that are still under way.
      this.#control.abort();
    }
  }

  /** Make a failed upload ready to run again; it goes on from what the bucket has. */
  reset() {
    this.problem = null;
    this.#become("waiting");
  }

  /** Stop, and have the bucket drop what it has. Resolves when the API knows. */
  async cancel() {
    this.#become("cancelled");
    this.#control.abort();
    await this.#discard();
  }

  async #send() {
    await this.#begin();
    if (this.record.state === "complete") return;
    const Transfer = this.record.method === "form" ? FormTransfer : PartsTransfer;
    this.#transfer = new Transfer(this.record, this.source, this.#tools());
    let missing = [];
    for (let round = 1; ; round += 1) {
      await this.#transfer.send(missing);
      this.#become("finishing");
      try {
        this.record = await this.#call("POST", `/uploads/${this.record.id}/completion/`);
        return;
      } catch (error) {
        if (error.kind !== "not-arrived" || round === ROUNDS) throw error;
        missing = error.problem.missing ?? [];
        this.#become("moving");
      }
    }
  }

  /** Learn what the bucket has of an upload begun before, or begin one. */
  async #begin() {
    if (this.record) this.record = await this.#call("GET", `/uploads/${this.record.id}/`);
    if (this.record?.state === "open" || this.record?.state === "complete") return;
    const { name, size, type, path } = this.source;
    const announced = { name, size, type, path, ...(await this.#checksum()) };
    // Not to be aborted half-way: an upload that began without our knowing would hold its quota for days.
    this.record = await this.#call("POST", "/uploads/", announced, new AbortController().signal);
    if (this.#control.signal.aborted) {
      await this.#discard();
      throw this.#control.signal.reason;
    }
    this.#changed();
  }

  async #checksum() {
    if (!this.#hasher.isAvailable) return { checksum: "none" };
    if (this.size > this.#largestForm) return { checksum: "sha256" };
    // Nothing else can be said of a form's bytes, so their digest is part of what is announced.
    return { checksum: "sha256", sha256: await this.#hasher.digest(this.source.whole()) };
  }

  #tools() {
    return {
      holder: this,
      slots: this.#slots,
      hasher: this.#hasher,
      signal: this.#control.signal,
      call: (method, path, body) => this.#call(method, path, body),
      onprogress: () => this.#changed(),
      onwait: (isWaiting) => this.#note(isWaiting),
    };
  }

  /** Ask the API, patiently. */
  #call(method, path, body, signal = this.#control.signal) {
    return persist(() => this.#api.request(method, path, { body, signal }), {
      isTemporary: (error) => error.isTemporary,
      signal,
      onwait: (isWaiting) => this.#note(isWaiting),
    });
  }

  async #fail(error) {
    this.problem = explain(error);
    const discarding = this.problem.isOver && this.#discard();
    this.#become("failed");
    await discarding;
  }

  /** Have the API cancel what was begun. An upload that it cannot be told of expires by itself. */
  async #discard() {
    const { record } = this;
    this.record = null;
    if (!record) return;
    await this.#api.request("DELETE", `/uploads/${record.id}/`).catch(() => {});
  }

  #note(isWaiting) {
    this.#waits += isWaiting ? 1 : -1;
    this.#changed();
  }

  #become(state) {
    this.state = state;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
