// How far several uploads are, in words.

import { portion, size as sizeOf, speed, timeLeft } from "../lib/format.js";
import { gettext, interpolate, ngettext } from "../lib/translation.js";

/** @typedef {import("../uploads/meter.js").Meter} Meter */
/** @typedef {import("../uploads/totals.js").Totals} Totals */

/**
 * Return such as "3 of 12 files · 1 failed · 4.2 of 80 MB". `isOver`: none moves, waits or is paused.
 *
 * @param {Totals} totals
 * @param {{ isOver: boolean }} options
 */
export function progressWords({ count, ready, failed, size, sent, duplicates, empty }, { isOver }) {
  const words = [
    isOver
      ? interpolate(ngettext("%(n)s file uploaded", "%(n)s files uploaded", ready), { n: ready })
      : interpolate(ngettext("%(n)s of %(all)s file", "%(n)s of %(all)s files", count), { n: ready, all: count }),
    isOver && duplicates && interpolate(gettext("%(n)s before"), { n: duplicates }),
    failed && interpolate(gettext("%(n)s failed"), { n: failed }),
    empty && interpolate(gettext("%(n)s empty (0 bytes)"), { n: empty }),
    !isOver && (sent && sent < size ? portion(sent, size) : sizeOf(size)),
  ];
  return words.filter(Boolean).join(" · ");
}

/**
 * Return such as " · 23.4 MB/s · 2 min left", or "" while that is not known. What was there before was not sent.
 *
 * @param {Totals} totals
 * @param {Meter} meter
 */
export function paceWords({ size, sent, duplicateSize }, meter) {
  meter.note(sent - duplicateSize, performance.now());
  const left = meter.secondsFor(size - sent);
  return left === null ? "" : ` · ${speed(meter.speed)} · ${timeLeft(left)}`;
}
