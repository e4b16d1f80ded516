/**
 * How dates and numbers are written: in the page's language. Dates stand as the reader's own country writes them where
 * they share the language.
 */

/** A BCP 47 tag. Workers have no page. */
export const pageLanguage = globalThis.document?.documentElement.lang || "en";

/** A BCP 47 tag. Without the reader's own, English dates stand as those that the server writes: day first, 24 hours. */
export const dateLocale =
  [...(globalThis.navigator?.languages ?? [])].find(
    (tag) => language(tag) === language(pageLanguage) && isKnown(tag),
  ) ?? (language(pageLanguage) === "en" ? "en-GB" : pageLanguage);

// By their options: a format takes long to make.
/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * Return such as "10,000", or "4.80" with two digits after the point.
 *
 * @param {number} value
 * @param {number} digits
 * @param {{ keepsZeros?: boolean, isGrouped?: boolean }} options
 */
export function decimal(value, digits, { keepsZeros = true, isGrouped = true } = {}) {
  const minimum = keepsZeros ? digits : 0;
  return formatOf({
    minimumFractionDigits: minimum,
    maximumFractionDigits: digits,
    useGrouping: isGrouped,
  }).format(value);
}

/**
 * Return such as "42%".
 *
 * @param {number} fraction
 */
export function percent(fraction) {
  return formatOf({ style: "percent" }).format(Math.floor(fraction * 100) / 100);
}

/** @param {Intl.NumberFormatOptions} options */
function formatOf(options) {
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(pageLanguage, options);
  formats.set(key, format);
  return format;
}

/** @param {string} tag */
function language(tag) {
  return tag.split("-")[0].toLowerCase();
}

/**
 * Return false also for what is no tag, such as "en-US@posix", by which browsers without a locale call themselves.
 *
 * @param {string} tag
 */
function isKnown(tag) {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([tag]).length > 0;
  } catch {
    return false;
  }
}
