// Says which of the chosen files are not sent, or not yet, and why.

import { visible } from "./names.js";
import { andMore } from "./text.js";
import { gettext, interpolate, ngettext } from "./translation.js";

/** @typedef {import("./file-selection.js").Left} Left */

const MAX_NAMED = 3;

/**
 * Return what to say of what a selection left out; "" where that is nothing. What can be chosen again, and how, is
 * said, too.
 *
 * @param {Left} left
 */
export function leftOut({ system, empty, unreadable, closed, cut, away, nameless }) {
  const said = [
    told(closed, (n) =>
      ngettext(
        "The folder %(names)s could not be opened, so nothing in it is sent.",
        "%(n)s folders could not be opened, so nothing in them is sent: %(names)s.",
        n,
      ),
    ),
    told(cut, (n) =>
      ngettext(
        "The folder %(names)s could not be read completely. What was read is sent, the rest is not.",
        "%(n)s folders could not be read completely. What was read is sent, the rest is not: %(names)s.",
        n,
      ),
    ),
    told(unreadable, (n) =>
      ngettext(
        "%(names)s could not be read and is not sent.",
        "%(n)s files could not be read and are not sent: %(names)s.",
        n,
      ),
    ),
    numbered(nameless, (n) =>
      ngettext("%(n)s item could not be read and is not sent.", "%(n)s items could not be read and are not sent.", n),
    ),
    closed.length + cut.length + unreadable.length + nameless
      ? gettext("Make sure that you may open it, then choose it again. Nothing is uploaded twice.")
      : "",
    told(away, (n) =>
      ngettext(
        "%(names)s is in iCloud and not on this device. Download it in the Finder first, then choose it again.",
        "%(n)s files are in iCloud and not on this device. Download them in the Finder first, then choose them again: %(names)s.",
        n,
      ),
    ),
    told(empty, (n) =>
      ngettext(
        "The folder %(names)s is empty, so there is nothing to send.",
        "%(n)s folders are empty, so there is nothing to send: %(names)s.",
        n,
      ),
    ),
    numbered(system.size, (n) =>
      ngettext(
        "%(n)s file that systems and programs leave in folders was left out, such as .DS_Store or the lock of an open document.",
        "%(n)s files that systems and programs leave in folders were left out, such as .DS_Store or locks of open documents.",
        n,
      ),
    ),
  ];
  return said.filter(Boolean).join(" ");
}

/**
 * Return what to say of files without a byte that wait for an answer.
 *
 * @param {string[]} paths
 */
export function heldBack(paths) {
  return told(paths, (n) =>
    ngettext(
      "%(names)s is empty (0 bytes) and was not sent. Pipes, and files that are not on this device yet, look the same to a browser.",
      "%(n)s files are empty (0 bytes) and were not sent: %(names)s. Pipes, and files that are not on this device yet, look the same to a browser.",
      n,
    ),
  );
}

/**
 * Return what `words` gives for the number of these paths, with the first of them named; "" where there are none.
 *
 * @param {string[]} paths
 * @param {(n: number) => string} words
 */
function told(paths, words) {
  const n = paths.length;
  const names = paths.slice(0, MAX_NAMED).map((path) => `“${visible(path)}”`);
  return n ? interpolate(words(n), { n, names: andMore(names, n - names.length) }) : "";
}

/**
 * @param {number} n
 * @param {(n: number) => string} words
 */
function numbered(n, words) {
  return n ? interpolate(words(n), { n }) : "";
}
