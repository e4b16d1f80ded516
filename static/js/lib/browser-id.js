// Names this browser, so that the site can tell its uploads from those of another one.

import { newId } from "./ids.js";

const PLACE = "waybill-browser";

/**
 * Return this browser's id: the same in all tabs and after a reload; of this page alone where the browser keeps
 * nothing.
 */
export function browserId() {
  const fresh = newId();
  try {
    const kept = localStorage.getItem(PLACE) ?? fresh;
    localStorage.setItem(PLACE, kept);
    return kept;
  } catch {
    return fresh;
  }
}
