// One file on its way into the bucket: begun, sent, completed; paused and resumed, or cancelled.

import { newId } from "../lib/ids.js";
import { aborted, retry } from "../lib/retry.js";
import { Comparison } from "./comparison.js";
import { FormTransfer } from "./form.js";
import { PartsTransfer } from "./parts.js";
import { explain } from "./problems.js";

// How often parts are sent again that the bucket turns out not to have.
const ROUNDS = 3;

/**
 * Dispatches "change" whenever its state, progress or `isWaiting` has changed, and "kept" with {record, error} as its
 * detail where the API did not cancel what was begun.
 *
 * `state`: waiting, uploading, finishing, paused, ready, failed or cancelled. `record`: the API's Upload, or null before
 * it has begun. `problem`: {text, canRetry, isOver, isOther, isFault} once failed, see problems.js.
 */
export class Upload extends EventTarget {
  #tools;
  #id = null;
  #control = null;
  #transfer = null;
  #waits = 0;
  #digest = "";
  #comparison = null;
  #isThere = false;
  #isSentAnyway = false;
  #mayReplace;
  #hasBegunAfresh = false;

  /**
   * `tools`: {records, limiter, hasher, largestForm}; the last: the bytes up to which a file travels as one form, and so
   * is announced with its digest. `record`: an Upload of the API that was begun before, of the same file: what the
   * bucket has is not sent again. `mayReplace`: where it turns out to be of other bytes, this file takes its place.
   */
  constructor(source, tools, record = null, { mayReplace = false } = {}) {
    super();
    this.source = source;
    this.record = record;
    this.state = "waiting";
    this.problem = null;
    this.#tools = tools;
    this.#mayReplace = mayReplace;
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

  /** Whether bytes of it are on the way this moment. */
  get isSending() {
    return this.#tools.limiter.isHeldBy(this);
  }

  /** Whether it had arrived before, every byte of it, so that nothing was sent. */
  get wasThere() {
    return this.state === "ready" && this.#isThere;
  }

  /** Bytes that were found to be those of a file that arrived before, or null while none are compared. */
  get compared() {
    return this.#comparison?.compared ?? null;
  }

  /** Whether it may be sent though it seems to be there. */
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
      // Whoever aborted it has said already what it is now.
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
    await this.#transfer?.pause?.();
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
    [this.record, this.#id, this.#transfer] = [null, null, null];
    [this.#isThere, this.#isSentAnyway] = [false, true];
    this.reset();
  }

  /** Stop, and have the bucket drop what it has. Resolves when the API knows, or does not answer for long. */
  async cancel() {
    this.#become("cancelled");
    this.#control?.abort();
    await this.#discard();
  }

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

  /** Whether what was announced cannot be sent since the file's bytes are others, and may be announced anew. */
  async #isOfOtherBytes(error, signal) {
    const { hasher } = this.#tools;
    if (!hasher.isAvailable || !this.record) return false;
    const isChanged = error.kind === "file-changed" && (this.record.id === this.#id || this.#mayReplace);
    if (!isChanged && error.kind !== "arrived-damaged" && !(error.isDamage && this.#digest)) return false;
    // Or they were read wrong.
    hasher.distrust();
    return !error.isDamage || this.#digest !== (await this.#call(signal, () => this.source.digest(hasher)));
  }

  /** What was begun, and cannot be gone on with, is dropped without a word. */
  async #beginAfresh() {
    this.#transfer = null;
    this.source.forget();
    this.source.recognized.clear();
    await this.#discard();
    this.#become("uploading");
  }

  async #bring(signal) {
    await this.#begin(signal);
    if (this.record.state === "complete") return;
    const Transfer = this.record.method === "form" ? FormTransfer : PartsTransfer;
    this.#transfer = new Transfer(this.record, this.source, this.#toolsUntil(signal));
    let missing = [];
    for (let round = 1; ; round += 1) {
      await this.#transfer.send(missing);
      // Paused with its last byte, it goes on when it is resumed.
      if (this.state !== "uploading") await aborted(signal);
      this.#become("finishing");
      try {
        this.record = await this.#call(signal, () =>
          this.#tools.records.complete(this.record.id, { isSmall: this.isSmall, signal }),
        );
        return;
      } catch (error) {
        if (error.kind !== "not-arrived" || round === ROUNDS) throw error;
        missing = error.problem.missing ?? [];
        this.#become("uploading");
      }
    }
  }

  /** Learn what the bucket has of an upload begun before, or begin one. */
  async #begin(signal) {
    if (this.record && (await this.#goesOn(signal))) return;
    const { name, size, type, path, lastModified } = this.source;
    const said = { name, size, type, path, last_modified: lastModified, ...(await this.#checksum(signal)) };
    signal.throwIfAborted();
    // What was sent before, whole, is not sent again: a folder may be dropped once more after a part of it has arrived.
    const there = this.#isSentAnyway ? null : await this.#announce({ ...said, unless_there: true }, signal);
    // By its digest, where that was announced, or by comparing it with what arrived.
    if (there && (said.sha256 || (await this.#isWhatArrived(there, signal)))) this.#take(there);
    else if (!this.record) await this.#announce(said, signal);
    this.#changed();
  }

  /** Announce it. An upload that is said to have brought the same before is given, and is not this one's record yet. */
  async #announce(said, signal) {
    this.#id ??= newId();
    const announcement = { id: this.#id, ...said };
    const record = await this.#call(signal, () =>
      this.#tools.records.announce(announcement, { isSmall: this.isSmall }),
    );
    if (record.id !== this.#id) {
      signal.throwIfAborted();
      return record;
    }
    this.record = record;
    if (this.state === "cancelled") await this.#discard();
    signal.throwIfAborted();
    return null;
  }

  /** Whether the upload begun before can be gone on with, or has brought this very file meanwhile. */
  async #goesOn(signal) {
    const { records } = this.#tools;
    this.record = await this.#call(signal, () => records.show(this.record.id, signal));
    if (this.record.state === "open") {
      if (this.record.method === "parts" || (await this.#isPinned(signal))) return true;
      // Nothing of a form has arrived that would be worth keeping: a file that has changed since is begun afresh.
      await this.#discard();
      return false;
    }
    const { record } = this;
    [this.record, this.#id] = [null, null];
    if (record.state === "complete" && (await this.#isWhatArrived(record, signal))) this.#take(record);
    return this.record !== null;
  }

  #take(record) {
    this.record = record;
    this.#isThere = true;
  }

  /** Whether the form was announced for this file's bytes: for those of one digest alone, or for any. */
  async #isPinned(signal) {
    const { digests } = this.record;
    if (!digests.length) return true;
    const { sha256 } = await this.#checksum(signal);
    return digests[0] === sha256;
  }

  /** Whether every byte is one that arrived before. Where that cannot be compared, it is not. */
  async #isWhatArrived({ id, size }, signal) {
    const { records, hasher } = this.#tools;
    if (!hasher.isAvailable || size !== this.size) return false;
    const record = await this.#call(signal, () => records.show(id, signal));
    if (record.state !== "complete" || record.file.state !== "ready" || !record.digests.length) return false;
    this.#comparison = new Comparison(record, this.source, this.#toolsUntil(signal));
    this.#changed();
    try {
      return await this.#comparison.isSame();
    } finally {
      this.#comparison = null;
    }
  }

  async #checksum(signal) {
    const { hasher } = this.#tools;
    if (!hasher.isAvailable) return { checksum: "none" };
    if (!this.isSmall) return { checksum: "sha256" };
    // Nothing else can be said of a form's bytes, so their digest is part of what is announced.
    this.#digest = await this.#call(signal, () => this.source.digest(hasher));
    return { checksum: "sha256", sha256: this.#digest };
  }

  #toolsUntil(signal) {
    return {
      ...this.#tools,
      holder: this,
      signal,
      call: (ask) => this.#call(signal, ask),
      onprogress: () => this.#changed(),
      onwait: (isWaiting) => this.#note(isWaiting),
    };
  }

  /** Ask, patiently, what may fail for a while. */
  #call(signal, ask) {
    return retry(ask, {
      isTemporary: (error) => error.isTemporary,
      signal,
      onwait: (isWaiting) => this.#note(isWaiting),
    });
  }

  async #fail(error) {
    this.problem = explain(error, {
      hasArrived: Boolean(this.record && this.#transfer?.stored),
      hasBegun: this.record !== null,
    });
    if (this.problem.isFault) reportError(error);
    const discarding = this.problem.isOver && this.#discard();
    this.#become("failed");
    await discarding;
  }

  /** Have the API cancel what was begun. What it does not cancel is told by a "kept" event: it goes on holding quota. */
  async #discard() {
    const { records } = this.#tools;
    const { record } = this;
    const id = record?.id ?? this.#id;
    [this.record, this.#id] = [null, null];
    if (!id) return;
    try {
      // Whatever becomes of this upload: parts of two files, say, must not be put together later.
      const { signal } = new AbortController();
      await retry(() => records.cancel(id), { isTemporary: (error) => error.isTemporary, signal });
    } catch (error) {
      const isOver = error.status === 404 || error.kind === "upload-closed";
      if (record && !isOver) this.dispatchEvent(new CustomEvent("kept", { detail: { record, error } }));
    }
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
