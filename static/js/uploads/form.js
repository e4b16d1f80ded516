// A small file: one presigned POST takes all of it.

import { retry } from "../lib/retry.js";
import { formOf, send, worthTrying } from "./transport.js";

export class FormTransfer {
  #record;
  #source;
  #tools;

  /** `tools`: {records, call, limiter, holder, signal, onprogress, onwait}, see upload.js. */
  constructor(record, source, tools) {
    this.#record = record;
    this.#source = source;
    this.#tools = tools;
    this.sent = 0;
  }

  /** Throws BucketError, ApiError, SourceError, or the signal's reason. */
  async send() {
    const { records, call, signal, limiter, holder, onwait } = this.#tools;
    let { form } = this.#record;
    const attempt = async () => {
      form ??= (await call(() => records.show(this.#record.id, signal))).form;
      try {
        await limiter.hold(holder, signal, this.#source.size, () => this.#post(form));
      } catch (error) {
        this.#note(0);
        if (error.isRefusal) form = null;
        await this.#source.requireReadable();
        throw error;
      }
    };
    await retry(attempt, { isTemporary: worthTrying(), signal, onwait });
    this.#note(this.#source.size);
  }

  #post({ url, fields }) {
    return send({
      method: "POST",
      url,
      ...formOf(fields, this.#source.bytes ?? this.#source.whole()),
      signal: this.#tools.signal,
      // The form's own fields count as bytes sent, too.
      onprogress: (loaded) => this.#note(Math.min(loaded, this.#source.size)),
    });
  }

  #note(bytes) {
    this.#tools.limiter.move(bytes - this.sent, this.#tools.holder);
    this.sent = bytes;
    this.#tools.onprogress();
  }
}
