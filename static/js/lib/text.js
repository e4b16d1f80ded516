// Text cut to a length without breaking the characters that people see, and lists cut to a few names.

import { interpolate, ngettext } from "./translation.js";

const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Return the beginning of `text` that has at most `most` code points, as the API counts them, and ends with a whole
 * character (a grapheme, UAX #29, where the browser knows them). Halves of characters, which some systems allow in
 * names, are replaced by U+FFFD, since nobody can store them.
 *
 * @param {string} text
 * @param {number} most
 */
export function cut(text, most) {
  const sound = text.replace(LONE_SURROGATE, "\ufffd");
  let kept = "";
  let length = 0;
  for (const character of characters(sound)) {
    length += Array.from(character).length;
    if (length > most) break;
    kept += character;
  }
  // One character alone may be longer, with a hundred accents on it.
  return kept || Array.from(sound).slice(0, most).join("");
}

/** @param {string} text */
function characters(text) {
  if (!globalThis.Intl?.Segmenter) return Array.from(text);
  return Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text), ({ segment }) => segment);
}

/**
 * Return these names as one text, with the number of others that are not named.
 *
 * @param {string[]} names
 * @param {number} others
 */
export function andMore(names, others) {
  if (!others) return names.join(", ");
  const words = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", others);
  return interpolate(words, { names: names.join(", "), n: others });
}
