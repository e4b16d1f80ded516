// One file on its way into the bucket: begun, sent, completed; paused and resumed, or cancelled.

import { persist } from "../lib/backoff.js";
import { newId } from "../lib/ids.js";
import { FormTransfer } from "./form.js";
import { PartsTransfer } from "./parts.js";
import { explain } from "./problems.js";

// How often parts are sent again that the bucket turns out not to have.
const ROUNDS = 3;

/**
 * Dispatches "change" whenever its state, progress or `isWaiting` has changed.
 *
 * `state`: waiting, moving, finishing, paused, ready, failed or cancelled. `record`: the API's Upload, or null before
 * it has begun. `problem`: {text, canRetry, isOver, isOther} once failed, see problems.js.
 */
export class Upload extends EventTarget {
  #tools;
  #id = null;
  #control = null;
  #transfer = null;
  #waits = 0;

  /**
   * `tools`: {records, slots, hasher, largestForm}; the last: the bytes up to which a file travels as one form, and so
   * is announced with its digest. `record`: an Upload of the API that was begun before, of the same file: what the
   * bucket has is not sent again.
   */
  constructor(source, tools, record = null) {
    super();
    this.source = source;
    this.record = record;
    this.state = "waiting";
    this.problem = null;
    this.#tools = tools;
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
    return this.#tools.slots.isHeldBy(this);
  }

  /** Whether it had arrived before, so that nothing was sent. */
  get wasThere() {
    return this.state === "ready" && !this.#transfer;
  }

  get isOver() {
    return this.state === "ready" || this.state === "failed" || this.state === "cancelled";
  }

  /** Before the bucket is asked to put it together, it can still be paused or cancelled. */
  get canStop() {
    return this.state === "waiting" || this.state === "moving";
  }

  /** Bring the file into the bucket. Never throws: how it ended is in `state`. */
  async run() {
    const control = new AbortController();
    this.#control = control;
    this.#become("moving");
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

  /** Stop for now. What the bucket has stays there. */
  pause() {
    this.#become("paused");
    this.#control?.abort();
  }

  /** Make it ready to run again, paused or failed; it goes on from what the bucket has. */
  reset() {
    this.problem = null;
    this.#become("waiting");
  }

  /** Stop, and have the bucket drop what it has. Resolves when the API knows. */
  async cancel() {
    this.#become("cancelled");
    this.#control?.abort();
    await this.#discard();
  }

  async #send(signal) {
    await this.#begin(signal);
    if (this.record.state === "complete") return;
    const Transfer = this.record.method === "form" ? FormTransfer : PartsTransfer;
    this.#transfer = new Transfer(this.record, this.source, this.#toolsUntil(signal));
    let missing = [];
    for (let round = 1; ; round += 1) {
      await this.#transfer.send(missing);
      this.#become("finishing");
      try {
        this.record = await this.#call(signal, () =>
          this.#tools.records.complete(this.record.id, { isSmall: this.isSmall, signal }),
        );
        return;
      } catch (error) {
        if (error.kind !== "not-arrived" || round === ROUNDS) throw error;
        missing = error.problem.missing ?? [];
        this.#become("moving");
      }
    }
  }

  /** Learn what the bucket has of an upload begun before, or begin one. */
  async #begin(signal) {
    const { records } = this.#tools;
    if (this.record) this.record = await this.#call(signal, () => records.show(this.record.id, signal));
    if (this.record?.state === "open" || this.record?.state === "complete") return;
    const { name, size, type, path, lastModified } = this.source;
    const checksum = await this.#call(signal, () => this.#checksum());
    signal.throwIfAborted();
    this.#id ??= newId();
    const said = { name, size, type, path, last_modified: lastModified, ...checksum };
    // What was sent before, whole, is not sent again: a folder may be dropped once more after a part of it has arrived.
    const announcement = { id: this.#id, ...said, unless_there: true };
    this.record = await this.#call(signal, () => records.announce(announcement, { isSmall: this.isSmall }));
    if (this.state === "cancelled") await this.#discard();
    signal.throwIfAborted();
    this.#changed();
  }

  async #checksum() {
    const { hasher } = this.#tools;
    if (!hasher.isAvailable) return { checksum: "none" };
    if (!this.isSmall) return { checksum: "sha256" };
    // Nothing else can be said of a form's bytes, so their digest is part of what is announced.
    return { checksum: "sha256", sha256: await this.source.digest(hasher) };
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
    return persist(ask, {
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
    const id = this.record?.id ?? this.#id;
    [this.record, this.#id] = [null, null];
    if (id) await this.#tools.records.cancel(id).catch(() => {});
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
