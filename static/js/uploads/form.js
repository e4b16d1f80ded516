// A small file: one presigned POST takes all of it.

import { retry } from "../lib/retry.js";
import { BucketError, formOf, send, worthTrying } from "./transport.js";

/** @typedef {import("./source.js").FileSource} FileSource */
/** @typedef {import("./upload.js").TransferTools} TransferTools */

export class FormTransfer {
  #record;
  #source;
  #tools;

  /** Bytes that have left for the bucket. */
  sent = 0;

  /**
   * @param {schema.UploadOut} record
   * @param {FileSource} source
   * @param {TransferTools} tools
   */
  constructor(record, source, tools) {
    this.#record = record;
    this.#source = source;
    this.#tools = tools;
  }

  /** Throws BucketError, ApiError, SourceError, or the signal's reason. */
  async send() {
    const { signal, limiter, holder, onwait } = this.#tools;
    let { form } = this.#record;
    const attempt = async () => {
      const signed = form ?? (await this.#signAgain());
      form = signed;
      try {
        await limiter.hold(holder, signal, this.#source.size, () => this.#post(signed));
      } catch (error) {
        this.#setSent(0);
        if (error instanceof BucketError && error.isRefusal) form = null;
        await this.#source.requireReadable();
        throw error;
      }
    };
    await retry(attempt, { isTemporary: worthTrying(), signal, onwait });
    this.#setSent(this.#source.size);
  }

  /** Bytes that the bucket has: of a form nothing stays there that could be gone on with. */
  get stored() {
    return 0;
  }

  /** A form is stopped as it is: nothing of it could be let through. */
  async pause() {}

  async #signAgain() {
    const { records, call, signal } = this.#tools;
    const { form } = await call(() => records.show(this.#record.id, signal));
    if (!form) throw new TypeError("The upload takes no form any longer.");
    return form;
  }

  /** @param {schema.FormOut} form */
  #post({ url, fields }) {
    return send({
      method: "POST",
      url,
      ...formOf(fields, this.#source.bytes ?? this.#source.whole()),
      signal: this.#tools.signal,
      // The form's own fields count as bytes sent, too.
      onprogress: (loaded) => this.#setSent(Math.min(loaded, this.#source.size)),
    });
  }

  /** @param {number} bytes */
  #setSent(bytes) {
    this.#tools.limiter.move(bytes - this.sent, this.#tools.holder);
    this.sent = bytes;
    this.#tools.onprogress();
  }
}
