// Buttons that act on several uploads at once.

import { interpolate, ngettext } from "../lib/translation.js";

/** @typedef {import("../uploads/queue.js").Queue} Queue */
/** @typedef {import("../uploads/upload.js").Upload} Upload */

/** @param {Upload} upload */
const isStoppable = ({ canStop, state }) => canStop || state === "paused";

/**
 * Return how many of these could be paused, resumed, tried again and cancelled.
 *
 * @param {Iterable<Upload>} uploads
 */
export function possible(uploads) {
  const counts = { pause: 0, resume: 0, retry: 0, cancel: 0 };
  for (const upload of uploads) {
    if (upload.canStop) counts.pause += 1;
    if (upload.state === "paused") counts.resume += 1;
    if (upload.problem?.canRetry) counts.retry += 1;
    if (isStoppable(upload)) counts.cancel += 1;
  }
  return counts;
}

/**
 * @param {Queue} queue
 * @param {Iterable<Upload>} uploads
 */
export function pauseAll(queue, uploads) {
  for (const upload of [...uploads]) if (upload.canStop) queue.pause(upload);
}

/**
 * @param {Queue} queue
 * @param {Iterable<Upload>} uploads
 */
export function resumeAll(queue, uploads) {
  for (const upload of [...uploads]) if (upload.state === "paused") queue.resume(upload);
}

/**
 * @param {Queue} queue
 * @param {Iterable<Upload>} uploads
 */
export function retryAll(queue, uploads) {
  for (const upload of [...uploads]) if (upload.problem?.canRetry) queue.resume(upload);
}

/**
 * Cancel those that can be, after a question.
 *
 * @param {Queue} queue
 * @param {Iterable<Upload>} uploads
 */
export function cancelAll(queue, uploads) {
  const stoppable = [...uploads].filter(isStoppable);
  const n = stoppable.length;
  const question = interpolate(
    ngettext(
      "Cancel %(n)s file? What is uploaded of it is deleted.",
      "Cancel %(n)s files? What is uploaded of them is deleted.",
      n,
    ),
    { n },
  );
  if (!window.confirm(question)) return;
  for (const upload of stoppable) queue.cancel(upload);
}
