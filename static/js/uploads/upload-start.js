// Starts an upload: resumes one begun before, finds that the file has already arrived, or registers a new one.

import { ApiError } from "../lib/api.js";
import { BucketError } from "./transport.js";

/** @typedef {import("./comparison.js").Comparison} Comparison */
/** @typedef {import("./registration.js").Registration} Registration */
/** @typedef {import("./source.js").FileSource} FileSource */
/** @typedef {import("./upload.js").TransferTools} TransferTools */

export class UploadStart {
  #source;
  #registration;
  #discard;
  #mayReplace;
  /** True for a file that one form takes. */
  #isSmall;
  /** The SHA-256 that a small file was started with, in base64. */
  #digest = "";
  /** True once it is to be sent even if the same bytes have arrived before. */
  #allowsDuplicate = false;

  /** True if every byte had arrived before, so that nothing was sent. */
  isDuplicate = false;

  /**
   * Reads the file and one that arrived before, while they are compared.
   *
   * @type {Comparison | null}
   */
  comparison = null;

  /**
   * `discard()` cancels what was begun; `mayReplace`: a file of other bytes may take the place of the one begun before.
   *
   * @param {FileSource} source
   * @param {Registration} registration
   * @param {{ isSmall: boolean, mayReplace: boolean, discard: () => Promise<void> }} options
   */
  constructor(source, registration, { isSmall, mayReplace, discard }) {
    this.#source = source;
    this.#registration = registration;
    this.#isSmall = isSmall;
    this.#mayReplace = mayReplace;
    this.#discard = discard;
  }

  /**
   * Return the API's upload: a complete one if the file has arrived already. Throws ApiError, SourceError, or the
   * signal's reason.
   *
   * @param {TransferTools} tools
   * @returns {Promise<schema.UploadOut>}
   */
  async start(tools) {
    const { record: previous } = this.#registration;
    const resumed = previous && (await this.#resume(previous, tools));
    if (resumed) return resumed;
    const { name, size, type, path, lastModified } = this.#source;
    const spec = { name, size, type, path, last_modified: lastModified, ...(await this.#checksum(tools)) };
    tools.signal.throwIfAborted();
    // Do not send again what has arrived: a folder may be dropped once more after a part of it has arrived.
    const duplicate = this.#allowsDuplicate ? null : await this.#findDuplicate(spec, tools);
    return duplicate ?? this.#registration.record ?? (await this.#register(spec, tools));
  }

  /** Start anew next time, as a file of its own, whatever arrived before. */
  allowDuplicate() {
    this.#registration.forget();
    this.isDuplicate = false;
    this.#allowsDuplicate = true;
  }

  /**
   * Return whether `error` means that the file's bytes are not those it was started with, so it may be started anew.
   *
   * @param {unknown} error
   * @param {TransferTools} tools
   */
  async hasOtherBytes(error, { hasher, call }) {
    const { record, isOfThisPage } = this.#registration;
    if (!hasher.isAvailable || !record) return false;
    const kind = error instanceof ApiError ? error.kind : "";
    const isDamage = error instanceof BucketError && error.isDamage;
    const isChanged = kind === "file-changed" && (isOfThisPage || this.#mayReplace);
    if (!isChanged && kind !== "arrived-damaged" && !(isDamage && this.#digest)) return false;
    // Or they were read wrong.
    hasher.distrust();
    return !isDamage || this.#digest !== (await call(() => this.#source.digest(hasher)));
  }

  /**
   * Return the upload begun before if it can be resumed, or has brought this very file meanwhile; else null.
   *
   * @param {schema.UploadOut} previous
   * @param {TransferTools} tools
   */
  async #resume(previous, tools) {
    const { call, records, signal } = tools;
    const record = await call(() => records.show(previous.id, signal));
    this.#registration.record = record;
    if (record.state === "open") {
      if (record.method === "parts" || (await this.#isPinned(record, tools))) return record;
      // Nothing of a form has arrived that would be worth keeping: a file that has changed since is started afresh.
      await this.#discard();
      return null;
    }
    this.#registration.forget();
    const isSame = record.state === "complete" && (await this.#hasSameBytes(record, tools));
    return isSame ? this.#useDuplicate(record) : null;
  }

  /**
   * Register it unless the same has arrived. Return the upload that brought it, every byte of it, or null.
   *
   * @param {schema.UploadIn} spec
   * @param {TransferTools} tools
   */
  async #findDuplicate(spec, tools) {
    const record = await this.#register({ ...spec, unless_there: true }, tools);
    if (record === this.#registration.record) return null;
    // By its digest, where that was given, or by comparing it with what arrived.
    if (!spec.sha256 && !(await this.#hasSameBytes(record, tools))) return null;
    return this.#useDuplicate(record);
  }

  /** @param {schema.UploadOut} record */
  #useDuplicate(record) {
    this.#registration.record = record;
    this.isDuplicate = true;
    return record;
  }

  /**
   * Have the API start it, see registration.js.
   *
   * @param {schema.UploadIn} spec
   * @param {TransferTools} tools
   */
  async #register(spec, { call, signal }) {
    const record = await this.#registration.start(spec, { isSmall: this.#isSmall, call });
    signal.throwIfAborted();
    return record;
  }

  /**
   * Return whether the form was signed for this file's bytes: for those of one digest alone, or for any.
   *
   * @param {schema.UploadOut} record
   * @param {TransferTools} tools
   */
  async #isPinned({ digests }, tools) {
    if (!digests.length) return true;
    const { sha256 } = await this.#checksum(tools);
    return digests[0] === sha256;
  }

  /**
   * Return whether every byte is one that arrived before. Where that cannot be compared, it is not.
   *
   * @param {schema.UploadOut} arrived
   * @param {TransferTools} tools
   */
  async #hasSameBytes({ id, size }, tools) {
    const { call, hasher, onprogress, records, signal } = tools;
    if (!hasher.isAvailable || size !== this.#source.size) return false;
    const record = await call(() => records.show(id, signal));
    if (record.state !== "complete" || record.file.state !== "ready" || !record.digests.length) return false;
    const { Comparison } = await import("./comparison.js");
    const comparison = new Comparison(record, this.#source, tools);
    this.comparison = comparison;
    onprogress();
    try {
      return await comparison.isSame();
    } finally {
      this.comparison = null;
    }
  }

  /**
   * @param {TransferTools} tools
   * @returns {Promise<Pick<schema.UploadIn, "checksum" | "sha256">>}
   */
  async #checksum({ call, hasher }) {
    if (!hasher.isAvailable) return { checksum: "none" };
    if (!this.#isSmall) return { checksum: "sha256" };
    // Nothing else can be said of a form's bytes, so their digest is part of what it is started with.
    this.#digest = await call(() => this.#source.digest(hasher));
    return { checksum: "sha256", sha256: this.#digest };
  }
}
