/**
 * Return it as datetime-local writes it: 2026-11-27T18:00, in the reader's zone.
 *
 * @param {Date} date
 */
export function asLocal(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
