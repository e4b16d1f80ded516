// One upload as the API knows it: started, taken over from before, and cancelled.

import { ApiError } from "../lib/api.js";
import { isTemporary } from "../lib/errors.js";
import { newId } from "../lib/ids.js";
import { retry } from "../lib/retry.js";

/** @typedef {import("./records.js").Records} Records */

/**
 * An upload that the API did not cancel, and why not.
 *
 * @typedef {{ record: schema.UploadOut, error: unknown }} Kept
 */

/**
 * Asks, patiently, what may fail for a while.
 *
 * @typedef {<Result>(ask: () => Promise<Result>) => Promise<Result>} Call
 */

export class Registration {
  #records;
  /** Chosen before it is started, so that this can be repeated. @type {string | null} */
  #id = null;

  /**
   * The API's upload, or null before it has begun.
   *
   * @type {schema.UploadOut | null}
   */
  record;

  /**
   * @param {Records} records
   * @param {schema.UploadOut | null} record one that was begun before
   */
  constructor(records, record) {
    this.#records = records;
    this.record = record;
  }

  /** True if it was begun by this page, and not taken over from before. */
  get isOfThisPage() {
    return this.record !== null && this.record.id === this.#id;
  }

  /**
   * Have the API start it. Return its record; or that of an upload that is said to have brought the same before, which is not
   * this one's record yet.
   *
   * @param {schema.UploadIn} spec
   * @param {{ isSmall: boolean, call: Call }} options
   */
  async start(spec, { isSmall, call }) {
    this.#id ??= newId();
    const id = this.#id;
    const record = await call(() => this.#records.start({ id, ...spec }, { isSmall }));
    if (record.id !== id) return record;
    if (this.#id === id) this.record = record;
    // Forgotten meanwhile: that it is cancelled may have come to the API before its start.
    else this.#cancel(id);
    return record;
  }

  /** Have nothing to do any longer with what was begun. */
  forget() {
    this.record = null;
    this.#id = null;
  }

  /**
   * Forget what was begun, and have the API cancel it. Return what it does not cancel, which goes on holding quota, or
   * null.
   *
   * @returns {Promise<Kept | null>}
   */
  async discard() {
    const { record } = this;
    const id = record?.id ?? this.#id;
    this.forget();
    const error = id && (await this.#cancel(id));
    return record && error ? { record, error } : null;
  }

  /**
   * Have the API cancel it, whatever becomes of this upload: parts of two files, say, must not be put together later.
   * Return why it did not, or null.
   *
   * @param {string} id
   */
  async #cancel(id) {
    try {
      const { signal } = new AbortController();
      await retry(() => this.#records.cancel(id), { isTemporary, signal });
      return null;
    } catch (error) {
      const isOver = error instanceof ApiError && (error.status === 404 || error.kind === "upload-closed");
      return isOver ? null : error;
    }
  }
}
