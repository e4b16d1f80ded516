// How files come to the page: by drop anywhere on it, by picker, by paste.

import { FileSelection } from "../lib/file-selection.js";
import { count } from "../lib/format.js";
import { visible } from "../lib/names.js";
import { pasted } from "../lib/pasted.js";

const FIELDS = "input, textarea, select, [contenteditable]";

export class FileInput {
  #host;
  #parts;
  #take;

  /** `parts`: choose, picker, choose-folder; `take` is given each FileSelection. Listens until `signal` aborts. */
  constructor(host, parts, take, signal) {
    this.#host = host;
    this.#parts = parts;
    this.#take = take;
    const { choose, picker, "choose-folder": chooseFolder } = parts;
    choose.addEventListener("click", () => (givesHandles() ? this.#chooseByHandle() : picker.click()), { signal });
    picker.addEventListener("change", () => this.#takePicked(), { signal });
    chooseFolder.hidden = !("webkitdirectory" in picker);
    chooseFolder.addEventListener("click", () => this.#chooseFolder(), { signal });
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
      document.addEventListener(type, (event) => this.#drag(event), { signal });
    }
    // Somebody may have chosen before this script was there.
    this.#takePicked();
  }

  #takePicked() {
    const { picker } = this.#parts;
    if (picker.files.length) this.#take(FileSelection.ofFiles(picker.files));
    // So that choosing the same file again is a change.
    picker.value = "";
  }

  async #chooseByHandle() {
    let handles;
    try {
      handles = await window.showOpenFilePicker({ multiple: true });
    } catch (error) {
      // Closed without a choice; or forbidden here, as in a frame, where the plain one is not.
      if (error.name !== "AbortError") this.#parts.picker.click();
      return;
    }
    this.#take(await FileSelection.ofHandles(handles));
  }

  async #chooseFolder() {
    this.#take(FileSelection.ofFiles(await chosen({ webkitdirectory: true })));
  }

  #paste(event) {
    if (event.target.closest?.(FIELDS)) return;
    const files = pasted(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    this.#take(FileSelection.ofFiles(files));
  }

  #drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    // Otherwise the browser would open the file in place of this page.
    event.preventDefault();
    const hasLeft = event.type === "drop" || (event.type === "dragleave" && !event.relatedTarget);
    this.#host.toggleAttribute("data-dragging", !hasLeft);
    if (event.type === "drop") this.#take(FileSelection.ofDrop(event.dataTransfer));
    else event.dataTransfer.dropEffect = "copy";
  }
}

/** Whether this browser's picker gives handles, so that a file can be had again. A phone's would not offer its camera. */
function givesHandles() {
  return "showOpenFilePicker" in window && matchMedia("(pointer: fine)").matches;
}

/** What a person picks in a picker with these options. A picker that is closed without a choice never settles. */
export function chosen(options = {}) {
  const picker = Object.assign(document.createElement("input"), { type: "file", ...options });
  return new Promise((resolve) => {
    picker.addEventListener("change", () => resolve(picker.files), { once: true });
    picker.click();
  });
}

/** What to say of what a selection left out; "" where that is nothing. What can be chosen again, and how, is said, too. */
export function leftOut({ system, empty, unreadable, closed, cut, away, special, nameless }) {
  const said = [
    told(closed, "folder", (which, is) => `${which} could not be opened, so nothing in ${is.it} is sent.`),
    told(
      cut,
      "folder",
      (which, is) => `${which} could not be read to the end: what was read of ${is.it} is sent, the rest is not.`,
    ),
    told(unreadable, "file", (which) => `${which} could not be read and will not be sent.`),
    nameless ? `${count(nameless, "thing")} could not be read and will not be sent.` : "",
    closed.length + cut.length + unreadable.length + nameless
      ? "Make sure that you may open what could not be read, then choose it again: what has arrived is not sent twice."
      : "",
    told(
      away,
      "file",
      (which, is) =>
        `${which} ${is.are} not on this machine but in iCloud: download ${is.it} in the Finder first, then choose ${is.it} again.`,
    ),
    told(
      special,
      "file",
      (which, is) =>
        `${which} ${is.have} no content: empty, or no ordinary ${is.kind} (a pipe or a device), so left out. Choose ${is.it} alone to send ${is.it} all the same.`,
    ),
    told(
      empty,
      "folder",
      (which, is) => `${which} ${is.are} ${is.a}empty ${is.kind}: there is nothing in ${is.it} to send.`,
    ),
    told(
      [...system],
      "file",
      (_, is) =>
        `${is.number} that systems and programs leave in folders (such as .DS_Store, or locks of open documents) ${is.were} left out.`,
    ),
  ];
  return said.filter(Boolean).join(" ");
}

const MOST_NAMED = 3;
const ONE = { it: "it", are: "is", were: "was", have: "has", a: "an " };
const MANY = { it: "them", are: "are", were: "were", have: "have", a: "" };

/** What `words(which, is)` makes of these paths: `which` names them, `is` has words in their number; "" where there are none. */
function told(paths, kind, words) {
  if (!paths.length) return "";
  const names = paths.slice(0, MOST_NAMED).map((path) => `“${visible(path)}”`);
  const more = paths.length - names.length;
  const number = count(paths.length, kind);
  const which =
    paths.length === 1
      ? names[0]
      : `${number} (${names.join(", ")}${more ? ` and ${more.toLocaleString("en")} more` : ""})`;
  return words(which, { ...(paths.length === 1 ? ONE : MANY), kind: paths.length === 1 ? kind : `${kind}s`, number });
}
