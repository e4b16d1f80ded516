// The reasons why an upload fails, in words: what happened, what is safe, what to do next.

import { ApiError } from "../lib/api.js";
import { messageOf } from "../lib/errors.js";
import { SourceError } from "./source.js";
import { BucketError } from "./transport.js";

/**
 * A failure as it is shown. `isOver`: the upload cannot go on, a retry begins a new one. `isOther`: it can go on with
 * the file that it was begun with, and this is another; `isSpent`: or with whatever that file is by now. `isFault`: a
 * mistake in our own code, which a fresh page may not make.
 *
 * @typedef {{
 *   text: string,
 *   canRetry: boolean,
 *   isOver?: boolean,
 *   isOther?: boolean,
 *   isSpent?: boolean,
 *   isFault?: boolean,
 * }} Problem
 */

/**
 * Return what to show for `error`. `hasBegun`: whether it was announced; `hasArrived`: whether the bucket has any of
 * it.
 *
 * @param {unknown} error
 * @param {{ hasBegun?: boolean, hasArrived?: boolean }} options
 * @returns {Problem}
 */
export function explain(error, { hasBegun = true, hasArrived = true } = {}) {
  if (error instanceof ApiError) return ofApi(error);
  if (error instanceof BucketError) return ofBucket(error);
  if (error instanceof SourceError) return ofSource(error, hasBegun, hasArrived);
  return {
    text:
      "Something in this page went wrong, and that is our fault, not your file's or your connection's " +
      `(${messageOf(error)}). What has arrived is kept. Reload the page, then choose the file again.`,
    canRetry: false,
    isFault: true,
  };
}

/**
 * @param {SourceError} error
 * @param {boolean} hasBegun
 * @param {boolean} hasArrived
 * @returns {Problem}
 */
function ofSource({ isMixed }, hasBegun, hasArrived) {
  if (!hasBegun) {
    return {
      text:
        "It cannot be read: it was moved, changed or deleted since you chose it, it is a folder, or it is kept in a cloud " +
        "(such as iCloud, OneDrive or Dropbox) and not on this machine. Choose it again.",
      canRetry: false,
      isOver: true,
    };
  }
  const text =
    "It changed while it was being sent: choose it again. (Or it was moved or deleted, or can no longer be read.)";
  // A mixture of two files must not be put together by the job that completes what is all there.
  if (!hasArrived || isMixed) return { text, canRetry: false, isOver: true };
  return {
    text: `${text} If it is the same as before, only what is missing is sent.`,
    canRetry: false,
    isOther: true,
    isSpent: true,
  };
}

/**
 * @param {ApiError} error
 * @returns {Problem}
 */
function ofApi({ status, kind, message, isTemporary, isBucketsRefusal }) {
  if (isTemporary && !kind) {
    return {
      text: "This site cannot be reached. What has arrived is kept. Check your connection, then retry.",
      canRetry: true,
    };
  }
  if (status === 401) {
    return {
      text: "You are signed out. What has arrived is kept. Sign in again in another tab, then retry here.",
      canRetry: true,
    };
  }
  if (status === 403) {
    return { text: "This page is out of date. What has arrived is kept. Reload the page.", canRetry: true };
  }
  if (status === 404) {
    return { text: "The upload is no longer known here. Retry sends the file afresh.", canRetry: true, isOver: true };
  }
  if (kind === "file-changed") {
    return {
      text:
        "This is not the file that was begun, or it has changed since. What has arrived is kept: choose the very file " +
        "to go on, or send this one as a new file.",
      canRetry: false,
      isOther: true,
    };
  }
  return {
    text: message || "This file was not accepted.",
    canRetry: isTemporary || isBucketsRefusal || status === 409,
    isOver: kind === "upload-closed" || kind === "arrived-damaged",
  };
}

/**
 * @param {BucketError} error
 * @returns {Problem}
 */
function ofBucket(error) {
  if (error.isGone) {
    return { text: "The bucket no longer has this upload. Retry sends the file afresh.", canRetry: true, isOver: true };
  }
  if (error.isDamage) {
    return {
      text: "Bytes arrived damaged several times, and the bucket refused them. What arrived whole is kept. Retry, or try another network.",
      canRetry: true,
    };
  }
  if (error.isTemporary && !error.canBeMended) {
    return {
      text:
        "The bucket does not answer. What has arrived is kept. Check your connection, then retry. If nothing ever " +
        `arrives, tell whoever runs this site that the bucket may take nothing from ${location.origin}.`,
      canRetry: true,
    };
  }
  return {
    text: `The bucket refused the file (${error.code || error.status}). What has arrived is kept. Retry; if it happens again, tell whoever runs this site.`,
    canRetry: true,
  };
}
