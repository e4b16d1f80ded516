/** The scripts of every page. Pages work without it; the dashboard loads its heavier element itself. */

import "./elements/copy-button.js";
import "./elements/local-time.js";
import "./elements/local-moment.js";
import "./views/thumbnails.js";
