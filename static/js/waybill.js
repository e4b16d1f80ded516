/** What every page loads. Pages work without it; heavier elements are fetched only where they are used. */

import "./elements/copy-button.js";
import "./elements/local-time.js";
import "./elements/local-moment.js";

if (document.querySelector("file-drop")) import("./elements/file-drop.js");
