/** The scripts of every page. Pages work without it; what is heavier is loaded by the dashboard, or when it is needed. */

import "./elements/copy-button.js";
import "./elements/local-time.js";
import "./elements/own-archive.js";
import "./views/thumbnails.js";

if (document.querySelector("local-moment")) import("./elements/local-moment.js");

// A page that has just come is up to date: what renews it later need not weigh on it.
const RENEWED_AFTER = 2000; // milliseconds
if (document.querySelector("live-parts")) setTimeout(renewPage, RENEWED_AFTER);

/** Load what renews the page. A site that is away has no news: it is asked again, once a RENEWED_AFTER. */
function renewPage() {
  import("./elements/live-parts.js").catch(() => setTimeout(renewPage, RENEWED_AFTER));
}
