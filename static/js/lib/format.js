// Bytes, speeds and times as people read them: decimal units, three digits at most, in the page's language.

import { decimal } from "./locale.js";
import { gettext, interpolate, ngettext } from "./translation.js";

const LARGEST_POWER = 4;

/**
 * Return the power of 1000 that the number of bytes is written in.
 *
 * @param {number} bytes
 */
function unitOf(bytes) {
  let power = 0;
  // 999.5 kB would round up to "1000 kB".
  while (power < LARGEST_POWER && bytes / 1000 ** power >= (power ? 999.5 : 1000)) power += 1;
  return power;
}

/**
 * Return a number of this unit with its name, such as "4.8 GB".
 *
 * @param {string} number
 * @param {number} power
 * @param {number} bytes
 */
function withUnit(number, power, bytes) {
  const texts = [
    () => ngettext("%(number)s byte", "%(number)s bytes", bytes),
    () => gettext("%(number)s kB"),
    () => gettext("%(number)s MB"),
    () => gettext("%(number)s GB"),
    () => gettext("%(number)s TB"),
  ];
  return interpolate(texts[power](), { number });
}

/**
 * @param {number} value
 * @param {number} power
 * @param {{ keepsZeros?: boolean }} options
 */
function digits(value, power, options = {}) {
  if (power === 0 || value >= 99.95) return decimal(value, 0, { isGrouped: false });
  return decimal(value, value >= 9.995 ? 1 : 2, options);
}

/**
 * Return bytes such as "4.82 GB" or "500 MB", as the pages write them, too.
 *
 * @param {number} bytes
 */
export function size(bytes) {
  const power = unitOf(bytes);
  return withUnit(digits(bytes / 1000 ** power, power, { keepsZeros: false }), power, bytes);
}

/**
 * Return such as "1.90 of 4.6 GB": both in the unit of the whole. Zeros stay, so that figures do not jump about.
 *
 * @param {number} bytes
 * @param {number} whole
 */
export function portion(bytes, whole) {
  const power = unitOf(whole);
  const part = digits(bytes / 1000 ** power, power);
  return interpolate(gettext("%(part)s of %(whole)s"), { part, whole: size(whole) });
}

/**
 * Return a speed such as "23.4 MB/s".
 *
 * @param {number} bytesPerSecond
 */
export function speed(bytesPerSecond) {
  const power = unitOf(bytesPerSecond);
  const bytes = withUnit(digits(bytesPerSecond / 1000 ** power, power), power, bytesPerSecond);
  return interpolate(gettext("%(bytes)s/s"), { bytes });
}

/**
 * Return such as "2 min left"; coarse, so that it can be believed.
 *
 * @param {number} seconds
 */
export function timeLeft(seconds) {
  if (seconds < 10) return gettext("a few seconds left");
  if (seconds < 55) return interpolate(gettext("%(n)s s left"), { n: Math.ceil(seconds / 5) * 5 });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return interpolate(gettext("%(n)s min left"), { n: Math.max(1, minutes) });
  const hours = Math.floor(minutes / 60);
  if (hours < 48 && minutes % 60) {
    return interpolate(gettext("%(hours)s h %(minutes)s min left"), { hours, minutes: minutes % 60 });
  }
  if (hours < 48) return interpolate(gettext("%(n)s h left"), { n: hours });
  const days = Math.round(hours / 24);
  return interpolate(ngettext("%(n)s day left", "%(n)s days left", days), { n: days });
}
