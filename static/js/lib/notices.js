// The browser's own notices, for what happens while nobody looks at the page. Switched on in the profile, in each browser.

const PLACE = "waybill-notices";

/** True in a browser that can show notices. */
export const canNotify = Boolean(globalThis.Notification);

/** Return true if this browser's person has asked for notices here, and the browser lets them through. */
export function wantsNotices() {
  return canNotify && Notification.permission === "granted" && kept() === "on";
}

/**
 * Ask for notices in this browser, or for none. Return false if the browser was asked and refuses them.
 *
 * @param {boolean} areWanted
 */
export async function setNotices(areWanted) {
  const isAllowed = !areWanted || (await Notification.requestPermission()) === "granted";
  try {
    localStorage.setItem(PLACE, areWanted && isAllowed ? "on" : "off");
  } catch {
    // A browser that keeps nothing shows none.
  }
  return isAllowed;
}

/**
 * Show a notice if it is wanted and nobody looks at the page. Several pages show the same one once.
 *
 * @param {string} words
 */
export function notify(words) {
  if (!wantsNotices() || document.visibilityState === "visible") return;
  try {
    const notice = new Notification(words, { tag: words });
    notice.addEventListener("click", () => window.focus());
  } catch {
    // Chromium on Android lets service workers alone show any.
  }
}

function kept() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}
