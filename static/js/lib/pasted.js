// Turns a paste into files with telling names.

import { gettext, interpolate } from "./translation.js";

// Every picture on a clipboard is called so, by every browser.
const NAMELESS = /^image\.(\w+)$/;

/**
 * Return the files in the clipboard's `data`, or its text as one; none where there is neither.
 *
 * @param {DataTransfer} data
 * @param {Date} now
 */
export function pasted(data, now = new Date()) {
  if (data.files.length) return Array.from(data.files, (file) => named(file, now));
  const text = data.getData("text/plain");
  if (!text.trim()) return [];
  return [
    new File([text], interpolate(gettext("Pasted text %(time)s.txt"), { time: stamp(now) }), { type: "text/plain" }),
  ];
}

/**
 * @param {File} file
 * @param {Date} now
 */
function named(file, now) {
  const [, ending] = NAMELESS.exec(file.name) ?? [];
  if (!ending) return file;
  const name = interpolate(gettext("Pasted picture %(time)s.%(ending)s"), { time: stamp(now), ending });
  return new File([file], name, { type: file.type });
}

/**
 * Return such as "2026-11-25 10.12": a colon is not allowed in the names of some systems.
 *
 * @param {Date} now
 */
function stamp(now) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return `${day} ${two(now.getHours())}.${two(now.getMinutes())}`;
}
