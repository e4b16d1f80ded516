// Bytes, speeds and times as people read them: decimal units, three digits at most.

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/**
 * Return the power of 1000 that the number of bytes is written in.
 *
 * @param {number} bytes
 */
function unitOf(bytes) {
  let power = 0;
  // 999.5 kB would round up to "1000 kB".
  while (power < UNITS.length - 1 && bytes / 1000 ** power >= (power ? 999.5 : 1000)) power += 1;
  return power;
}

/**
 * @param {number} value
 * @param {number} power
 */
function digits(value, power) {
  if (power === 0 || value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/**
 * Return bytes such as "4.82 GB" or "500 MB", as the pages write them, too.
 *
 * @param {number} bytes
 */
export function size(bytes) {
  const power = unitOf(bytes);
  return `${Number(digits(bytes / 1000 ** power, power))} ${bytes === 1 ? "byte" : UNITS[power]}`;
}

/**
 * Return such as "1.90 of 4.6 GB": both in the unit of the whole. Zeros stay, so that figures do not jump about.
 *
 * @param {number} bytes
 * @param {number} whole
 */
export function portion(bytes, whole) {
  const power = unitOf(whole);
  return `${digits(bytes / 1000 ** power, power)} of ${size(whole)}`;
}

/**
 * Return a speed such as "23.4 MB/s".
 *
 * @param {number} bytesPerSecond
 */
export function speed(bytesPerSecond) {
  const power = unitOf(bytesPerSecond);
  return `${digits(bytesPerSecond / 1000 ** power, power)} ${UNITS[power]}/s`;
}

/**
 * Return such as "2 min left"; coarse, so that it can be believed.
 *
 * @param {number} seconds
 */
export function timeLeft(seconds) {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${Math.max(1, minutes)} min left`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min left` : `${hours} h left`;
  return `${Math.round(hours / 24)} days left`;
}

/**
 * Return such as "1 file", "10,000 files".
 *
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
