// Texts in the page's language. The catalogue is Django's (JavaScriptCatalog): pages in another language than English
// load it before any module. Without one, a text is itself, in English.

import { decimal } from "./locale.js";

/**
 * @typedef {{
 *   gettext: (text: string) => string,
 *   ngettext: (one: string, many: string, number: number) => string,
 * }} Catalogue
 */

/** @type {Catalogue | undefined} */
const catalogue = Reflect.get(globalThis, "django");

/**
 * Return the text in the page's language. `makemessages` reads calls of it, so the text stands in them as one literal.
 *
 * @param {string} text
 */
export function gettext(text) {
  return catalogue ? catalogue.gettext(text) : text;
}

/**
 * Return the form of a text that fits the number.
 *
 * @param {string} one
 * @param {string} many
 * @param {number} number
 */
export function ngettext(one, many, number) {
  if (catalogue) return catalogue.ngettext(one, many, number);
  return number === 1 ? one : many;
}

/**
 * Fill in `%(name)s` of a text. Numbers are written as the page's language writes them.
 *
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function interpolate(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? decimal(value, 0) : value;
  });
}
