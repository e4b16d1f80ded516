// Sends one request to the bucket, and says what its refusals mean.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

import { newId } from "../lib/ids.js";
import { watch } from "./stall-watchdog.js";

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

export class BucketError extends Error {
  /** `status` is 0 where there was no answer; `code` is S3's own, such as "BadDigest". */
  constructor(status, code = "") {
    super(`The bucket answered ${status || "nothing"}${code ? ` (${code})` : ""}.`);
    this.name = "BucketError";
    this.status = status;
    this.code = code;
  }

  /** The signature has expired or does not match: a fresh one may help. */
  get isRefusal() {
    return this.status === 403 || this.code === "ExpiredToken";
  }

  /** Other bytes arrived than were signed. */
  get isDamage() {
    return DAMAGED_ON_THE_WAY.has(this.code);
  }

  /** The bucket does not know the upload any more. */
  get isGone() {
    return this.status === 404;
  }

  /** The bucket said why it takes no such thing, now or later. */
  get isForGood() {
    return FOR_GOOD.has(this.code) || FOR_GOOD_STATUSES.has(this.status);
  }

  /** Too much at once, perhaps. */
  get isOverload() {
    if (this.isForGood) return false;
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === "RequestTimeout";
  }

  get isTemporary() {
    return this.isOverload || this.status === 408 || this.canBeMended;
  }

  /** Signed afresh or sent once more, it may pass: a form whose fields arrive damaged is refused for anything. */
  get canBeMended() {
    return !this.isOverload && !this.isForGood && (this.isRefusal || this.isDamage || this.status === 400);
  }
}

/** A test of errors for retry(): whether to try the same request to the bucket again. One test for each request. */
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
    const move = ({ loaded }) => {
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

/** {body, headers} of a presigned POST that brings `content`, a Blob or an ArrayBuffer. */
export function formOf(fields, content) {
  if (content instanceof ArrayBuffer) return encoded(fields, content);
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  // S3 ignores what comes after the file, so it is last. Its name here is nobody's.
  body.append("file", content, "file");
  return { body };
}

/** What a browser makes of FormData (RFC 7578), in one piece of memory. */
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

function part(boundary, name, value) {
  return `--${boundary}\r\nContent-Disposition: form-data; ${name}\r\n\r\n${value}\r\n`;
}

function codeIn(xml) {
  return /<Code>([^<]*)<\/Code>/.exec(xml)?.[1] ?? "";
}
