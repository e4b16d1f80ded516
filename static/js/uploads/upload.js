// One file on its way into the bucket: begun, sent, completed; paused and resumed, or cancelled.

import { ApiError } from "../lib/api.js";
import { Emitter } from "../lib/emitter.js";
import { isTemporary } from "../lib/errors.js";
import { aborted, retry } from "../lib/retry.js";
import { FormTransfer } from "./form.js";
import { PartsTransfer } from "./parts.js";
import { explain } from "./problems.js";
import { Registration } from "./registration.js";
import { UploadStart } from "./upload-start.js";

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
 * Shared by all uploads. `largestForm`: the bytes up to which a file travels as one form, and so is started with its digest.
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
  /** The upload as the API knows it. */
  #registration;
  /** Finds out what has to be sent. */
  #start;
  /** Stops what runs. @type {AbortController | null} */
  #abortController = null;
  /** Sends the bytes, once it has started. @type {FormTransfer | PartsTransfer | null} */
  #transfer = null;
  /** The number of its requests that wait to be tried again. */
  #waits = 0;
  /** True once it was started anew because the file's bytes were others: that is done once. */
  #hasRestarted = false;

  /** @type {State} */
  state = "waiting";

  /** The reason of its failure. @type {Problem | null} */
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
    this.#tools = tools;
    this.#registration = new Registration(tools.records, record);
    const discard = () => this.#discard();
    this.#start = new UploadStart(source, this.#registration, { isSmall: this.isSmall, mayReplace, discard });
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
  get isDuplicate() {
    return this.state === "ready" && this.#start.isDuplicate;
  }

  /** Bytes that were found to be those of a file that arrived before, or null while none are compared. */
  get compared() {
    return this.#start.comparison?.compared ?? null;
  }

  /** True if it may be sent though it seems to have arrived. */
  get canSendAnyway() {
    return this.isDuplicate || (this.state === "uploading" && this.compared !== null);
  }

  get isOver() {
    return this.state === "ready" || this.state === "failed" || this.state === "cancelled";
  }

  /** Before the bucket is asked to put it together, it can still be paused or cancelled. */
  get canStop() {
    return this.state === "waiting" || this.state === "uploading";
  }

  /** Upload the file to the bucket. Never throws: how it ended is in `state`. */
  async run() {
    const control = new AbortController();
    this.#abortController = control;
    this.#setState("uploading");
    try {
      await this.#upload(this.#toolsUntil(control.signal));
      this.#setState("ready");
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
    const control = this.#abortController;
    this.#setState("paused");
    await this.#transfer?.pause();
    control?.abort();
  }

  /** Make it ready to run again, paused or failed; it goes on from what the bucket has. */
  reset() {
    this.problem = null;
    // The file may have changed meanwhile, without a word of the browser.
    this.source.recognized.clear();
    this.#setState("waiting");
  }

  /** Make it ready to be sent as a file of its own, whatever arrived before. */
  sendAnyway() {
    this.#abortController?.abort();
    this.#start.allowDuplicate();
    this.#transfer = null;
    this.reset();
  }

  /** Stop, and have the bucket drop what it has. Resolves when the API knows, or does not answer for long. */
  async cancel() {
    this.#setState("cancelled");
    this.#abortController?.abort();
    await this.#discard();
  }

  /**
   * Start, transfer and complete it; once more where the file's bytes turn out to be others than it was started with.
   *
   * @param {TransferTools} tools
   */
  async #upload(tools) {
    for (;;) {
      try {
        const record = await this.#start.start(tools);
        this.#changed();
        if (record.state !== "complete") await this.#transferUntilComplete(record, tools);
        return;
      } catch (error) {
        tools.signal.throwIfAborted();
        if (this.#hasRestarted || !(await this.#start.hasOtherBytes(error, tools))) throw error;
        this.#hasRestarted = true;
        await this.#restart();
      }
    }
  }

  /** Drop what was begun, and cannot be resumed, without a word. */
  async #restart() {
    this.#transfer = null;
    this.source.forget();
    this.source.recognized.clear();
    await this.#discard();
    this.#setState("uploading");
  }

  /**
   * Transfer the bytes, and those again that the bucket turns out not to have, until the API has completed it.
   *
   * @param {schema.UploadOut} record
   * @param {TransferTools} tools
   */
  async #transferUntilComplete(record, tools) {
    const { call, records, signal } = tools;
    const Transfer = record.method === "form" ? FormTransfer : PartsTransfer;
    const transfer = new Transfer(record, this.source, tools);
    this.#transfer = transfer;
    /** @type {number[]} */
    let missing = [];
    for (let round = 1; ; round += 1) {
      await transfer.send(missing);
      // Paused with its last byte, it goes on when it is resumed.
      if (this.state !== "uploading") await aborted(signal);
      this.#setState("finishing");
      try {
        this.#registration.record = await call(() => records.complete(record.id, { isSmall: this.isSmall, signal }));
        return;
      } catch (error) {
        if (!(error instanceof ApiError) || error.kind !== "not-arrived" || round === ROUNDS) throw error;
        missing = error.problem.missing ?? [];
        this.#setState("uploading");
      }
    }
  }

  /**
   * @param {AbortSignal} signal
   * @returns {TransferTools}
   */
  #toolsUntil(signal) {
    const onwait = (/** @type {boolean} */ isWaiting) => this.#countWait(isWaiting);
    return {
      ...this.#tools,
      holder: this,
      signal,
      call: (ask) => retry(ask, { isTemporary, signal, onwait }),
      onprogress: () => this.#changed(),
      onwait,
    };
  }

  /** @param {unknown} error */
  async #fail(error) {
    const hasArrived = this.record !== null && Boolean(this.#transfer?.stored);
    this.problem = explain(error, { hasArrived, hasBegun: this.record !== null });
    if (this.problem.isFault) reportError(error);
    const discarding = this.problem.isOver && this.#discard();
    this.#setState("failed");
    await discarding;
  }

  /** Have the API cancel what was begun. What it does not cancel is told as "kept": it goes on holding quota. */
  async #discard() {
    const kept = await this.#registration.discard();
    if (kept) this.emit("kept", kept);
  }

  /** @param {boolean} isWaiting true as a wait begins, false as it ends */
  #countWait(isWaiting) {
    this.#waits += isWaiting ? 1 : -1;
    this.#changed();
  }

  /** @param {State} state */
  #setState(state) {
    this.state = state;
    this.#changed();
  }

  #changed() {
    this.emit("change", null);
  }
}
