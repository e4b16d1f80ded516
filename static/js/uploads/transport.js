// Sends one request to the bucket, and says what its refusals mean.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

import { newId } from "../lib/ids.js";
import { gettext, interpolate } from "../lib/translation.js";
import { watch } from "./stall-watchdog.js";

/** @typedef {Blob | FormData | Uint8Array<ArrayBuffer>} Body */

const encoder = new TextEncoder();

const DAMAGED_ON_THE_WAY = new Set([
  "BadDigest",
  "InvalidDigest",
  "XAmzContentChecksumMismatch",
  "XAmzContentSHA256Mismatch",
  "IncompleteBody",
]);

// The bucket has no room for it, or no such thing: it will not in a moment either.
const FOR_GOOD = new Set([
  "EntityTooLarge",
  "InsufficientStorage",
  "NotImplemented",
  "QuotaExceeded",
  "XMinioStorageFull",
]);
const FOR_GOOD_STATUSES = new Set([501, 507]);

// A fresh signature that is refused, or bytes that arrive damaged, again and again: trying on will not mend it.
const MENDS = 3;

/** The bucket refused a request, or did not answer. */
export class BucketError extends Error {
  /**
   * @param {number} status 0 where there was no answer
   * @param {string} code S3's own, such as "BadDigest"
   */
  constructor(status, code = "") {
    super(interpolate(gettext("The storage answered with an error (%(code)s)."), { code: code || String(status) }));
    this.name = "BucketError";
    this.status = status;
    this.code = code;
  }

  /** True if the signature has expired or does not match: a fresh one may help. */
  get isRefusal() {
    return this.status === 403 || this.code === "ExpiredToken";
  }

  /** True if other bytes arrived than were signed. */
  get isDamage() {
    return DAMAGED_ON_THE_WAY.has(this.code);
  }

  /** True if the bucket does not know the upload any more. */
  get isGone() {
    return this.status === 404;
  }

  /** True if the bucket said why it takes no such thing, now or later. */
  get isForGood() {
    return FOR_GOOD.has(this.code) || FOR_GOOD_STATUSES.has(this.status);
  }

  /** True if too much was asked at once, perhaps. */
  get isOverload() {
    if (this.isForGood) return false;
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === "RequestTimeout";
  }

  get isTemporary() {
    return this.isOverload || this.status === 408 || this.canBeMended;
  }

  /**
   * True if it may pass, signed afresh or sent once more: a form whose fields arrive damaged is refused for anything.
   */
  get canBeMended() {
    return !this.isOverload && !this.isForGood && (this.isRefusal || this.isDamage || this.status === 400);
  }
}

/**
 * Return a test of errors for retry(): whether to try the same request to the bucket again. One test for each request.
 *
 * @returns {(error: unknown) => boolean}
 */
export function worthTrying() {
  let mends = 0;
  return (error) => {
    if (!(error instanceof BucketError && error.isTemporary)) return false;
    if (error.canBeMended) mends += 1;
    return mends <= MENDS;
  };
}

/**
 * Send `body`: a Blob, or FormData that holds one, which the browser streams from where it lies; or a few bytes.
 *
 * `onprogress` is given the bytes that have left, but not of a few. Throws BucketError, or the signal's reason.
 *
 * @param {{
 *   method: "POST" | "PUT",
 *   url: string,
 *   headers?: Record<string, string>,
 *   body: Body,
 *   signal: AbortSignal,
 *   onprogress: (bytes: number) => void,
 * }} request
 * @returns {Promise<void>}
 */
export function send({ method, url, headers = {}, body, signal, onprogress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    signal.throwIfAborted();
    signal.addEventListener("abort", abort);
    const stall = watch(abort);
    const move = (/** @type {ProgressEvent} */ { loaded }) => {
      stall.moved();
      onprogress(loaded);
    };
    // A few bytes leave at once, and to be told of it takes as long as sending them.
    if (!(body instanceof Uint8Array)) request.upload.addEventListener("progress", move);
    request.addEventListener("loadend", () => {
      stall.end();
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(signal.reason);
      else if (request.status >= 200 && request.status < 300) resolve();
      else reject(new BucketError(request.status, codeIn(request.responseText)));
    });
    request.send(body);
  });
}

/**
 * Return body and headers of a presigned POST that brings `content`.
 *
 * @param {Record<string, string>} fields
 * @param {Blob | ArrayBuffer} content
 * @returns {{ body: Body, headers?: Record<string, string> }}
 */
export function formOf(fields, content) {
  if (content instanceof ArrayBuffer) return encoded(fields, content);
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  // S3 ignores what comes after the file, so it is last. Its name here is nobody's.
  body.append("file", content, "file");
  return { body };
}

/**
 * Encode a form as a browser does FormData (RFC 7578), in one piece of memory.
 *
 * @param {Record<string, string>} fields
 * @param {ArrayBuffer} content
 */
function encoded(fields, content) {
  const boundary = `waybill-${newId()}`;
  const head = Object.entries(fields).map(([name, value]) => part(boundary, `name="${name}"`, value));
  const before = encoder.encode(head.join("") + part(boundary, 'name="file"; filename="file"', ""));
  // The last part ends where the boundary after its content begins.
  const after = encoder.encode(`\r\n--${boundary}--\r\n`);
  const start = before.length - 2;
  const body = new Uint8Array(start + content.byteLength + after.length);
  body.set(before.subarray(0, start));
  body.set(new Uint8Array(content), start);
  body.set(after, start + content.byteLength);
  return { body, headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` } };
}

/**
 * @param {string} boundary
 * @param {string} name
 * @param {string} value
 */
function part(boundary, name, value) {
  return `--${boundary}\r\nContent-Disposition: form-data; ${name}\r\n\r\n${value}\r\n`;
}

/** @param {string} xml */
function codeIn(xml) {
  return /<Code>([^<]*)<\/Code>/.exec(xml)?.[1] ?? "";
}
