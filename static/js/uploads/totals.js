// How far several uploads are together.

/** @typedef {import("./upload.js").Upload} Upload */

/**
 * What failed will not be sent: of it counts what was. `there` and `thereSize` are those that had arrived before,
 * `empty` those without a byte. Sizes are in bytes.
 *
 * @typedef {{
 *   count: number,
 *   ready: number,
 *   failed: number,
 *   paused: number,
 *   size: number,
 *   sent: number,
 *   there: number,
 *   thereSize: number,
 *   empty: number,
 * }} Totals
 */

/**
 * @param {Iterable<Upload>} uploads
 * @returns {Totals}
 */
export function totalsOf(uploads) {
  const totals = { count: 0, ready: 0, failed: 0, paused: 0, size: 0, sent: 0, there: 0, thereSize: 0, empty: 0 };
  for (const { state, sent, size, wasThere } of uploads) {
    totals.count += 1;
    totals.sent += sent;
    totals.size += state === "failed" ? sent : size;
    if (!size) totals.empty += 1;
    if (state === "ready" || state === "failed" || state === "paused") totals[state] += 1;
    if (!wasThere) continue;
    totals.there += 1;
    totals.thereSize += size;
  }
  return totals;
}
