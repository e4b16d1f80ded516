// One file on its way into the bucket: begun, sent, completed; paused and resumed, or cancelled.

import { ApiError } from "../lib/api.js";
import { Emitter } from "../lib/emitter.js";
import { isTemporary } from "../lib/errors.js";
import { aborted, retry } from "../lib/retry.js";
import { FormTransfer } from "./form.js";
import { PartsTransfer } from "./parts.js";
import { explain } from "./problems.js";
import { Registration } from "./registration.js";
import { BucketError } from "./transport.js";

/** @typedef {import("./concurrency-limiter.js").ConcurrencyLimiter} ConcurrencyLimiter */
/** @typedef {import("./concurrency-limiter.js").Holder} Holder */
/** @typedef {import("./hasher.js").Hasher} Hasher */
/** @typedef {import("./problems.js").Problem} Problem */
/** @typedef {import("./records.js").Records} Records */
/** @typedef {import("./registration.js").Call} Call */
/** @typedef {import("./registration.js").Kept} Kept */
/** @typedef {import("./source.js").FileSource} FileSource */

/** @typedef {"waiting" | "uploading" | "finishing" | "paused" | "ready" | "failed" | "cancelled"} State */

/**
 * Shared by all uploads. `largestForm`: the bytes up to which a file travels as one form, and so is announced with its
 * digest.
 *
 * @typedef {{ records: Records, limiter: ConcurrencyLimiter, hasher: Hasher, largestForm: number }} UploadTools
 */

/**
 * Passed to a transfer by its upload, `holder`. `onwait` is told when it waits to try again, and when that is over.
 *
 * @typedef {UploadTools & {
 *   holder: Holder,
 *   signal: AbortSignal,
 *   call: Call,
 *   onprogress: () => void,
 *   onwait: (isWaiting: boolean) => void,
 * }} TransferTools
 */

// Times that parts are sent again that the bucket turns out not to have.
const ROUNDS = 3;

/**
 * Tells "change" whenever its state, progress or `isWaiting` has changed, and "kept" where the API did not cancel what
 * was begun.
 *
 * @extends {Emitter<{ change: null, kept: Kept }>}
 */
export class Upload extends Emitter {
  #tools;
  #registration;
  // Stops what runs.
  /** @type {AbortController | null} */
  #control = null;
  /** @type {FormTransfer | PartsTransfer | null} */
  #transfer = null;
  // The number of its requests that wait to be tried again.
  #waits = 0;
  // The SHA-256 with which a small file was announced.
  #digest = "";
  /** @type {import("./comparison.js").Comparison | null} */
  #comparison = null;
  #isThere = false;
  #isSentAnyway = false;
  #mayReplace;
  #hasBegunAfresh = false;

  /** @type {State} */
  state = "waiting";

  /**
   * The reason of its failure.
   *
   * @type {Problem | null}
   */
  problem = null;

  /**
   * `record`: an upload of the API that was begun before, of the same file: what the bucket has is not sent again.
   * `mayReplace`: where it turns out to be of other bytes, this file takes its place.
   *
   * @param {FileSource} source
   * @param {UploadTools} tools
   * @param {schema.UploadOut | null} record
   * @param {{ mayReplace?: boolean }} options
   */
  constructor(source, tools, record = null, { mayReplace = false } = {}) {
    super();
    this.source = source;
    this.#registration = new Registration(tools.records, record);
    this.#tools = tools;
    this.#mayReplace = mayReplace;
  }

  /** The API's upload, or null before it has begun. */
  get record() {
    return this.#registration.record;
  }

  get size() {
    return this.source.size;
  }

  get isSmall() {
    return this.size <= this.#tools.largestForm;
  }

  /** Bytes that have left for the bucket, or that it already has. */
  get sent() {
    return this.state === "ready" ? this.size : (this.#transfer?.sent ?? 0);
  }

  /** True while nothing moves because something failed and is about to be tried again. */
  get isWaiting() {
    return this.#waits > 0 && !this.isSending;
  }

  /** True if bytes of it are on the way this moment. */
  get isSending() {
    return this.#tools.limiter.isHeldBy(this);
  }

  /** True if it had arrived before, every byte of it, so that nothing was sent. */
  get wasThere() {
    return this.state === "ready" && this.#isThere;
  }

  /** Bytes that were found to be those of a file that arrived before, or null while none are compared. */
  get compared() {
    return this.#comparison?.compared ?? null;
  }

  /** True if it may be sent though it seems to be there. */
  get canSendAnyway() {
    return this.wasThere || (this.state === "uploading" && this.#comparison !== null);
  }

  get isOver() {
    return this.state === "ready" || this.state === "failed" || this.state === "cancelled";
  }

  /** Before the bucket is asked to put it together, it can still be paused or cancelled. */
  get canStop() {
    return this.state === "waiting" || this.state === "uploading";
  }

  /** Bring the file into the bucket. Never throws: how it ended is in `state`. */
  async run() {
    const control = new AbortController();
    this.#control = control;
    this.#become("uploading");
    try {
      await this.#send(control.signal);
      this.#become("ready");
    } catch (error) {
      // pause() or cancel() has already set the state.
      if (!control.signal.aborted) await this.#fail(error);
    } finally {
      // One part gave up: stop those that are still under way.
      control.abort();
      this.source.forget();
    }
  }

  /** Stop for now. What the bucket has stays there, and what is nearly there may still arrive. */
  async pause() {
    const control = this.#control;
    this.#become("paused");
    await this.#transfer?.pause();
    control?.abort();
  }

  /** Make it ready to run again, paused or failed; it goes on from what the bucket has. */
  reset() {
    this.problem = null;
    // The file may have changed meanwhile, without a word of the browser.
    this.source.recognized.clear();
    this.#become("waiting");
  }

  /** Make it ready to be sent as a file of its own, whatever arrived before. */
  sendAnyway() {
    this.#control?.abort();
    this.#registration.forget();
    this.#transfer = null;
    this.#isThere = false;
    this.#isSentAnyway = true;
    this.reset();
  }

  /** Stop, and have the bucket drop what it has. Resolves when the API knows, or does not answer for long. */
  async cancel() {
    this.#become("cancelled");
    this.#control?.abort();
    await this.#discard();
  }

  /** @param {AbortSignal} signal */
  async #send(signal) {
    for (;;) {
      try {
        await this.#bring(signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (this.#hasBegunAfresh || !(await this.#isOfOtherBytes(error, signal))) throw error;
        this.#hasBegunAfresh = true;
        await this.#beginAfresh();
      }
    }
  }

  /**
   * Return whether what was announced cannot be sent since the file's bytes are others, and may be announced anew.
   *
   * @param {unknown} error
   * @param {AbortSignal} signal
   */
  async #isOfOtherBytes(error, signal) {
    const { hasher } = this.#tools;
    if (!hasher.isAvailable || !this.record) return false;
    const kind = error instanceof ApiError ? error.kind : "";
    const isDamage = error instanceof BucketError && error.isDamage;
    const isChanged = kind === "file-changed" && (this.#registration.isOfThisPage || this.#mayReplace);
    if (!isChanged && kind !== "arrived-damaged" && !(isDamage && this.#digest)) return false;
    // Or they were read wrong.
    hasher.distrust();
    return !isDamage || this.#digest !== (await this.#call(signal, () => this.source.digest(hasher)));
  }

  /** Drop what was begun, and cannot be gone on with, without a word. */
  async #beginAfresh() {
    this.#transfer = null;
    this.source.forget();
    this.source.recognized.clear();
    await this.#discard();
    this.#become("uploading");
  }

  /** @param {AbortSignal} signal */
  async #bring(signal) {
    const record = await this.#begin(signal);
    if (record.state === "complete") return;
    const Transfer = record.method === "form" ? FormTransfer : PartsTransfer;
    const transfer = new Transfer(record, this.source, this.#toolsUntil(signal));
    this.#transfer = transfer;
    /** @type {number[]} */
    let missing = [];
    for (let round = 1; ; round += 1) {
      await transfer.send(missing);
      // Paused with its last byte, it goes on when it is resumed.
      if (this.state !== "uploading") await aborted(signal);
      this.#become("finishing");
      try {
        this.#registration.record = await this.#complete(record.id, signal);
        return;
      } catch (error) {
        if (!(error instanceof ApiError) || error.kind !== "not-arrived" || round === ROUNDS) throw error;
        missing = error.problem.missing ?? [];
        this.#become("uploading");
      }
    }
  }

  /**
   * @param {string} id
   * @param {AbortSignal} signal
   */
  #complete(id, signal) {
    return this.#call(signal, () => this.#tools.records.complete(id, { isSmall: this.isSmall, signal }));
  }

  /**
   * Learn what the bucket has of an upload begun before, or begin one.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<schema.UploadOut>}
   */
  async #begin(signal) {
    const before = this.record && (await this.#goOn(this.record, signal));
    if (before) return before;
    const { name, size, type, path, lastModified } = this.source;
    const said = { name, size, type, path, last_modified: lastModified, ...(await this.#checksum(signal)) };
    signal.throwIfAborted();
    // Do not send again what has arrived: a folder may be dropped once more after a part of it has arrived.
    const there = this.#isSentAnyway ? null : await this.#findThere({ ...said, unless_there: true }, signal);
    const record = there ?? this.record ?? (await this.#announce(said, signal));
    this.#changed();
    return record;
  }

  /**
   * Announce it unless it is there. Return the upload that brought it, every byte of it, or null.
   *
   * @param {schema.UploadIn} said
   * @param {AbortSignal} signal
   */
  async #findThere(said, signal) {
    const there = await this.#announce(said, signal);
    if (there === this.record) return null;
    // By its digest, where that was announced, or by comparing it with what arrived.
    if (!said.sha256 && !(await this.#isWhatArrived(there, signal))) return null;
    return this.#take(there);
  }

  /**
   * Announce it, see registration.js.
   *
   * @param {schema.UploadIn} said
   * @param {AbortSignal} signal
   */
  async #announce(said, signal) {
    const call = this.#callUntil(signal);
    const record = await this.#registration.announce(said, { isSmall: this.isSmall, call });
    signal.throwIfAborted();
    return record;
  }

  /**
   * Return the upload begun before if it can be gone on with, or has brought this very file meanwhile; else null.
   *
   * @param {schema.UploadOut} begun
   * @param {AbortSignal} signal
   */
  async #goOn(begun, signal) {
    const record = await this.#call(signal, () => this.#tools.records.show(begun.id, signal));
    this.#registration.record = record;
    if (record.state === "open") {
      if (record.method === "parts" || (await this.#isPinned(record, signal))) return record;
      // Nothing of a form has arrived that would be worth keeping: a file that has changed since is begun afresh.
      await this.#discard();
      return null;
    }
    this.#registration.forget();
    const isWhatArrived = record.state === "complete" && (await this.#isWhatArrived(record, signal));
    return isWhatArrived ? this.#take(record) : null;
  }

  /** @param {schema.UploadOut} record */
  #take(record) {
    this.#registration.record = record;
    this.#isThere = true;
    return record;
  }

  /**
   * Return whether the form was announced for this file's bytes: for those of one digest alone, or for any.
   *
   * @param {schema.UploadOut} record
   * @param {AbortSignal} signal
   */
  async #isPinned({ digests }, signal) {
    if (!digests.length) return true;
    const { sha256 } = await this.#checksum(signal);
    return digests[0] === sha256;
  }

  /**
   * Return whether every byte is one that arrived before. Where that cannot be compared, it is not.
   *
   * @param {schema.UploadOut} arrived
   * @param {AbortSignal} signal
   */
  async #isWhatArrived({ id, size }, signal) {
    const { records, hasher } = this.#tools;
    if (!hasher.isAvailable || size !== this.size) return false;
    const record = await this.#call(signal, () => records.show(id, signal));
    if (record.state !== "complete" || record.file.state !== "ready" || !record.digests.length) return false;
    const { Comparison } = await import("./comparison.js");
    const comparison = new Comparison(record, this.source, this.#toolsUntil(signal));
    this.#comparison = comparison;
    this.#changed();
    try {
      return await comparison.isSame();
    } finally {
      this.#comparison = null;
    }
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<Pick<schema.UploadIn, "checksum" | "sha256">>}
   */
  async #checksum(signal) {
    const { hasher } = this.#tools;
    if (!hasher.isAvailable) return { checksum: "none" };
    if (!this.isSmall) return { checksum: "sha256" };
    // Nothing else can be said of a form's bytes, so their digest is part of what is announced.
    this.#digest = await this.#call(signal, () => this.source.digest(hasher));
    return { checksum: "sha256", sha256: this.#digest };
  }

  /**
   * @param {AbortSignal} signal
   * @returns {TransferTools}
   */
  #toolsUntil(signal) {
    return {
      ...this.#tools,
      holder: this,
      signal,
      call: this.#callUntil(signal),
      onprogress: () => this.#changed(),
      onwait: (isWaiting) => this.#note(isWaiting),
    };
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Call}
   */
  #callUntil(signal) {
    return (ask) => this.#call(signal, ask);
  }

  /**
   * Ask, patiently, what may fail for a while.
   *
   * @template Result
   * @param {AbortSignal} signal
   * @param {() => Promise<Result>} ask
   */
  #call(signal, ask) {
    return retry(ask, { isTemporary, signal, onwait: (isWaiting) => this.#note(isWaiting) });
  }

  /** @param {unknown} error */
  async #fail(error) {
    const hasArrived = this.record !== null && Boolean(this.#transfer?.stored);
    this.problem = explain(error, { hasArrived, hasBegun: this.record !== null });
    if (this.problem.isFault) reportError(error);
    const discarding = this.problem.isOver && this.#discard();
    this.#become("failed");
    await discarding;
  }

  /** Have the API cancel what was begun. What it does not cancel is told as "kept": it goes on holding quota. */
  async #discard() {
    const kept = await this.#registration.discard();
    if (kept) this.emit("kept", kept);
  }

  /** @param {boolean} isWaiting */
  #note(isWaiting) {
    this.#waits += isWaiting ? 1 : -1;
    this.#changed();
  }

  /** @param {State} state */
  #become(state) {
    this.state = state;
    this.#changed();
  }

  #changed() {
    this.emit("change", null);
  }
}
