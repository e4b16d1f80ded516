// What this browser calls itself, so that the site can tell what it sends from what another one does.

import { newId } from "./ids.js";

const PLACE = "waybill-browser";

/** The same for all tabs and after a reload; for this page alone where the browser keeps nothing. */
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
