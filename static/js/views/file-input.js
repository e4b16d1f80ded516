// The ways by which files come to the page: by drop anywhere on it, by picker, by paste.

import { FileSelection } from "../lib/file-selection.js";
import { pasted } from "../lib/pasted.js";
import { partsOf } from "./parts.js";

const FIELDS = "input, textarea, select, [contenteditable]";

export class FileInput {
  #host;
  #parts;
  #take;

  /**
   * `take` is given each selection. Listens until `signal` aborts.
   *
   * @param {HTMLElement} host the element with the parts choose, picker and choose-folder
   * @param {(selection: FileSelection) => void} take
   * @param {AbortSignal} signal
   */
  constructor(host, take, signal) {
    this.#host = host;
    this.#parts = partsOf(host, {
      choose: HTMLButtonElement,
      picker: HTMLInputElement,
      "choose-folder": HTMLButtonElement,
    });
    this.#take = take;
    const { choose, picker, "choose-folder": chooseFolder } = this.#parts;
    choose.addEventListener("click", () => (givesHandles() ? this.#chooseByHandle() : picker.click()), { signal });
    picker.addEventListener("change", () => this.#takePicked(), { signal });
    chooseFolder.hidden = !("webkitdirectory" in picker);
    chooseFolder.addEventListener("click", () => this.#chooseFolder(), { signal });
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
    document.addEventListener("dragenter", (event) => this.#drag(event), { signal });
    document.addEventListener("dragover", (event) => this.#drag(event), { signal });
    document.addEventListener("dragleave", (event) => this.#drag(event), { signal });
    document.addEventListener("drop", (event) => this.#drag(event), { signal });
    // Somebody may have chosen before this script was there.
    this.#takePicked();
  }

  #takePicked() {
    const { picker } = this.#parts;
    if (picker.files?.length) this.#take(FileSelection.ofFiles(picker.files));
    // So that choosing the same file again is a change.
    picker.value = "";
  }

  async #chooseByHandle() {
    /** @type {FileSystemFileHandle[]} */
    let handles;
    try {
      handles = await window.showOpenFilePicker({ multiple: true });
    } catch (error) {
      // Closed without a choice; or forbidden here, as in a frame, where the plain one is not.
      if (!(error instanceof Error && error.name === "AbortError")) this.#parts.picker.click();
      return;
    }
    this.#take(await FileSelection.ofHandles(handles));
  }

  async #chooseFolder() {
    this.#take(FileSelection.ofFiles(await chosen({ webkitdirectory: true })));
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    if (event.target instanceof Element && event.target.closest(FIELDS)) return;
    const files = event.clipboardData ? pasted(event.clipboardData) : [];
    if (!files.length) return;
    event.preventDefault();
    this.#take(FileSelection.ofFiles(files));
  }

  /** @param {DragEvent} event */
  #drag(event) {
    const { type, dataTransfer, relatedTarget } = event;
    if (!dataTransfer?.types.includes("Files")) return;
    // Otherwise the browser would open the file in place of this page.
    event.preventDefault();
    const hasLeft = type === "drop" || (type === "dragleave" && !relatedTarget);
    this.#host.toggleAttribute("data-dragging", !hasLeft);
    if (type === "drop") this.#take(FileSelection.ofDrop(dataTransfer));
    else dataTransfer.dropEffect = "copy";
  }
}

/**
 * Return whether this browser's picker gives handles, so that a file can be had again. A phone's would not offer its
 * camera.
 */
function givesHandles() {
  return "showOpenFilePicker" in window && matchMedia("(pointer: fine)").matches;
}

/**
 * Return what a person picks in a picker with these options. A picker that is closed without a choice never settles.
 *
 * @param {{ webkitdirectory?: boolean }} options
 * @returns {Promise<File[]>}
 */
export function chosen(options = {}) {
  const picker = Object.assign(document.createElement("input"), { type: "file", ...options });
  return new Promise((resolve) => {
    picker.addEventListener("change", () => resolve([...(picker.files ?? [])]), { once: true });
    picker.click();
  });
}
