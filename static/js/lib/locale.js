/**
 * In which language dates are written: the page's, as the reader's own country writes it where they share the language.
 */

const page = document.documentElement.lang || "en";

/** A BCP 47 tag. Without the reader's own, English dates stand as those that the server writes: day first, 24 hours. */
export const dateLocale =
  [...(navigator.languages ?? [])].find((tag) => language(tag) === language(page) && isKnown(tag)) ??
  (language(page) === "en" ? "en-GB" : page);

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
