// Says which of the chosen files are not sent, or not yet, and why.

import { count } from "./format.js";
import { visible } from "./names.js";

/** @typedef {import("./file-selection.js").Left} Left */
/** @typedef {typeof ONE & { kind: string, number: string }} Words */

const MAX_NAMED = 3;
const ONE = { it: "it", are: "is", were: "was", a: "an " };
const MANY = { it: "them", are: "are", were: "were", a: "" };

/**
 * Return what to say of what a selection left out; "" where that is nothing. What can be chosen again, and how, is
 * said, too.
 *
 * @param {Left} left
 */
export function leftOut({ system, empty, unreadable, closed, cut, away, nameless }) {
  const said = [
    told(closed, "folder", (which, is) => `${which} could not be opened, so nothing in ${is.it} is sent.`),
    told(
      cut,
      "folder",
      (which, is) => `${which} could not be read to the end: what was read of ${is.it} is sent, the rest is not.`,
    ),
    told(unreadable, "file", (which) => `${which} could not be read and will not be sent.`),
    nameless ? `${count(nameless, "thing")} could not be read and will not be sent.` : "",
    closed.length + cut.length + unreadable.length + nameless
      ? "Make sure that you may open what could not be read, then choose it again: what has arrived is not sent twice."
      : "",
    told(
      away,
      "file",
      (which, is) =>
        `${which} ${is.are} not on this machine but in iCloud: download ${is.it} in the Finder first, then choose ${is.it} again.`,
    ),
    told(
      empty,
      "folder",
      (which, is) => `${which} ${is.are} ${is.a}empty ${is.kind}: there is nothing in ${is.it} to send.`,
    ),
    told(
      [...system],
      "file",
      (_, is) =>
        `${is.number} that systems and programs leave in folders (such as .DS_Store, or locks of open documents) ${is.were} left out.`,
    ),
  ];
  return said.filter(Boolean).join(" ");
}

/**
 * Return what to say of files without a byte that wait for a word.
 *
 * @param {string[]} paths
 */
export function heldBack(paths) {
  return told(
    paths,
    "file",
    (which, is) =>
      `${which} ${is.are} empty (0 bytes) and ${is.were} not sent. Pipes, and files that are not on this machine yet, look the same to a browser.`,
  );
}

/**
 * Return what `words(which, is)` makes of these paths: `which` names them, `is` has words in their number; "" where
 * there are none.
 *
 * @param {string[]} paths
 * @param {string} kind
 * @param {(which: string, is: Words) => string} words
 */
function told(paths, kind, words) {
  if (!paths.length) return "";
  const names = paths.slice(0, MAX_NAMED).map((path) => `“${visible(path)}”`);
  const more = paths.length - names.length;
  const number = count(paths.length, kind);
  const which =
    paths.length === 1
      ? names[0]
      : `${number} (${names.join(", ")}${more ? ` and ${more.toLocaleString("en")} more` : ""})`;
  return words(which, { ...(paths.length === 1 ? ONE : MANY), kind: paths.length === 1 ? kind : `${kind}s`, number });
}
