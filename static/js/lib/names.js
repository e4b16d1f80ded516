// Names as they can be shown: nothing in them hides or turns the line around.

// Unicode's Bidi_Control property (UAX #9), marks without a width, control characters, separators of lines.
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u00ad\u180e\u200b\u2060\ufeff]/gu;

/**
 * Return the name with each such character as its code, `[U+202E]`, as the pages write it, too.
 *
 * @param {string} name
 */
export function visible(name) {
  return name.replace(HIDDEN, (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
}
