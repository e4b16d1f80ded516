/** The scripts of every page. Pages work without it; what is heavier is loaded by the dashboard, or when it is needed. */

import "./elements/copy-button.js";
import "./elements/local-time.js";
import "./views/thumbnails.js";

// One's own files are seldom downloaded as an archive: what does it is loaded when its button is pressed first.
/** @type {NodeListOf<HTMLElement>} */
const archives = document.querySelectorAll("download-all[data-csrf-token]");
for (const archive of archives) {
  // In some apps' own browsers even a look at it throws; then the element says so.
  archive.hidden = !("serviceWorker" in navigator);
  const button = archive.querySelector("button");
  const begin = async () => {
    await import("./elements/download-all.js");
    button?.click();
  };
  button?.addEventListener("click", begin, { once: true });
}

if (document.querySelector("local-moment")) import("./elements/local-moment.js");

// A page that has just come is up to date: what renews it later need not weigh on it.
const RENEWED_AFTER = 2000; // milliseconds
if (document.querySelector("live-parts")) setTimeout(() => import("./elements/live-parts.js"), RENEWED_AFTER);
