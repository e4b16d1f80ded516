// The reasons why an upload fails, in words: what happened, what is safe, what to do next.

import { ApiError } from "../lib/api.js";
import { messageOf } from "../lib/errors.js";
import { gettext, interpolate } from "../lib/translation.js";
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
 * Return what to show for `error`. `hasBegun`: whether it was started; `hasArrived`: whether the bucket has any of
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
    text: interpolate(
      gettext(
        "Something went wrong on this page (%(error)s). It is our fault, not your file's or your connection's. What is uploaded is kept. Reload the page, then choose the file again.",
      ),
      { error: messageOf(error) },
    ),
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
      text: gettext(
        "This file can't be read. It was moved, changed or deleted since you chose it, it is a folder, or it is in a cloud (such as iCloud, OneDrive or Dropbox) and not on this device. Choose it again.",
      ),
      canRetry: false,
      isOver: true,
    };
  }
  // A mixture of two files must not be put together by the job that completes what is all there.
  if (!hasArrived || isMixed) {
    return {
      text: gettext(
        "The file changed while it was uploading, or it was moved or deleted, or can no longer be read. Choose it again.",
      ),
      canRetry: false,
      isOver: true,
    };
  }
  return {
    text: gettext(
      "The file changed while it was uploading, or it was moved or deleted, or can no longer be read. Choose it again. If it is the same as before, only what is missing is uploaded.",
    ),
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
      text: gettext("This site can't be reached. What is uploaded is kept. Check your connection, then retry."),
      canRetry: true,
    };
  }
  if (status === 401) {
    return {
      text: gettext("You are signed out. What is uploaded is kept. Sign in again in another tab, then retry here."),
      canRetry: true,
    };
  }
  if (status === 403) {
    return { text: gettext("This page is out of date. What is uploaded is kept. Reload the page."), canRetry: true };
  }
  if (status === 404) {
    return {
      text: gettext("This upload no longer exists. Retry to start it again."),
      canRetry: true,
      isOver: true,
    };
  }
  if (kind === "file-changed") {
    return {
      text: gettext(
        "This is not the file that this upload was started with, or it has changed since. What is uploaded is kept. Choose the original file to resume, or send this one as a new file.",
      ),
      canRetry: false,
      isOther: true,
    };
  }
  return {
    text: message || gettext("This file was not accepted."),
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
    return {
      text: gettext("The storage no longer has this upload. Retry to start it again."),
      canRetry: true,
      isOver: true,
    };
  }
  if (error.isDamage) {
    return {
      text: gettext(
        "Data was damaged on the way several times, and the storage refused it. What arrived intact is kept. Retry, or try another network.",
      ),
      canRetry: true,
    };
  }
  if (error.isTemporary && !error.canBeMended) {
    return {
      text: interpolate(
        gettext(
          "The storage is not answering. What is uploaded is kept. Check your connection, then retry. If it never works, tell the person who runs this site that the storage may not accept uploads from %(origin)s.",
        ),
        { origin: location.origin },
      ),
      canRetry: true,
    };
  }
  return {
    text: interpolate(
      gettext(
        "The storage refused the file (%(code)s). What is uploaded is kept. Retry. If it happens again, tell the person who runs this site.",
      ),
      { code: String(error.code || error.status) },
    ),
    canRetry: true,
  };
}
