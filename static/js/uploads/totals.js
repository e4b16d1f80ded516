// How far several uploads are together.

/** @typedef {import("./upload.js").Upload} Upload */

/**
 * Totals of the uploads; of a failed one count the bytes that were sent. `duplicates` and `duplicateSize` are those
 * that had arrived before, `empty` those without a byte. Sizes are in bytes.
 *
 * @typedef {{
 *   count: number,
 *   ready: number,
 *   failed: number,
 *   paused: number,
 *   size: number,
 *   sent: number,
 *   duplicates: number,
 *   duplicateSize: number,
 *   empty: number,
 * }} Totals
 */

/**
 * @param {Iterable<Upload>} uploads
 * @returns {Totals}
 */
export function totalsOf(uploads) {
  const totals = {
    count: 0,
    ready: 0,
    failed: 0,
    paused: 0,
    size: 0,
    sent: 0,
    duplicates: 0,
    duplicateSize: 0,
    empty: 0,
  };
  for (const { state, sent, size, isDuplicate } of uploads) {
    totals.count += 1;
    totals.sent += sent;
    totals.size += state === "failed" ? sent : size;
    if (!size) totals.empty += 1;
    if (state === "ready" || state === "failed" || state === "paused") totals[state] += 1;
    if (!isDuplicate) continue;
    totals.duplicates += 1;
    totals.duplicateSize += size;
  }
  return totals;
}
