// Questions about anything that was thrown.

/**
 * Return true if the same request may well succeed in a while: errors say so themselves, by `isTemporary`.
 *
 * @param {unknown} error
 */
export function isTemporary(error) {
  return error instanceof Error && "isTemporary" in error && Boolean(error.isTemporary);
}

/**
 * Return the error's message. Browsers throw other things than errors, too.
 *
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
