// Asks before empty files are sent: a pipe, a device, or a file that is in a cloud alone looks the same to a page.

import { heldBack } from "../lib/left-out.js";
import { ngettext } from "../lib/translation.js";
import { partsOf } from "./parts.js";

/** @typedef {import("../lib/file-selection.js").Find} Find */

export class EmptyFiles {
  #parts;
  #send;
  // Those that wait for an answer.
  /** @type {Find[]} */
  #finds = [];

  /**
   * `send` is given those that are to be sent all the same.
   *
   * @param {HTMLElement} host the element with the parts empty, empty-words, send-empty, leave-empty and choose
   * @param {(finds: Find[]) => void} send
   */
  constructor(host, send) {
    this.#parts = partsOf(host, {
      empty: HTMLElement,
      "empty-words": HTMLElement,
      "send-empty": HTMLButtonElement,
      "leave-empty": HTMLButtonElement,
      choose: HTMLButtonElement,
    });
    this.#send = send;
    this.#parts["send-empty"].addEventListener("click", () => this.#send(this.#answer()));
    this.#parts["leave-empty"].addEventListener("click", () => this.#answer());
  }

  /**
   * Ask one question for these and for those that wait already.
   *
   * @param {Find[]} finds
   */
  ask(finds) {
    this.#finds.push(...finds);
    this.#draw();
  }

  /** Close the question. Return those that it was asked for. */
  #answer() {
    const finds = this.#finds;
    this.#finds = [];
    this.#parts.choose.focus();
    this.#draw();
    return finds;
  }

  #draw() {
    const { empty, "empty-words": words, "leave-empty": leave } = this.#parts;
    empty.hidden = !this.#finds.length;
    words.textContent = heldBack(this.#finds.map(({ file, path }) => (path ? `${path}/${file.name}` : file.name)));
    leave.textContent = ngettext("Leave it out", "Leave them out", this.#finds.length);
  }
}
