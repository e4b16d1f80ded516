// How files come to the page: by drop anywhere on it, by picker, by paste.

import { count } from "../lib/format.js";
import { Haul } from "../lib/haul.js";
import { visible } from "../lib/names.js";
import { pasted } from "../lib/pasted.js";

const FIELDS = "input, textarea, select, [contenteditable]";

export class Intake {
  #host;
  #parts;
  #take;

  /** `parts`: choose, picker, choose-folder; `take` is given each Haul. Listens until `signal` aborts. */
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
    if (picker.files.length) this.#take(Haul.ofFiles(picker.files));
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
    this.#take(await Haul.ofHandles(handles));
  }

  async #chooseFolder() {
    this.#take(Haul.ofFiles(await chosen({ webkitdirectory: true })));
  }

  #paste(event) {
    if (event.target.closest?.(FIELDS)) return;
    const files = pasted(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    this.#take(Haul.ofFiles(files));
  }

  #drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    // Otherwise the browser would open the file in place of this page.
    event.preventDefault();
    const hasLeft = event.type === "drop" || (event.type === "dragleave" && !event.relatedTarget);
    this.#host.toggleAttribute("data-dragging", !hasLeft);
    if (event.type === "drop") this.#take(Haul.ofDrop(event.dataTransfer));
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

/** What to say of what a haul left out; "" where that is nothing. */
export function leftOut({ junk, empty, unreadable }) {
  const said = [];
  if (empty.length === 1) said.push(`“${visible(empty[0])}” is an empty folder: there is nothing in it to send.`);
  if (empty.length > 1) said.push(`${count(empty.length, "folder")} are empty: there is nothing in them to send.`);
  if (junk) {
    const were = junk === 1 ? "was" : "were";
    said.push(`${count(junk, "hidden file")} that systems leave in folders (.DS_Store and the like) ${were} left out.`);
  }
  if (unreadable.length) {
    const which = unreadable.length === 1 ? `“${visible(unreadable[0])}”` : count(unreadable.length, "file");
    said.push(`${which} could not be read and will not be sent.`);
  }
  return said.join(" ");
}
