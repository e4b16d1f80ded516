/**
 * <copy-button data-text="…"> or <copy-button for="id of an input or element">, around a button of the page's own.
 * Copies, says so on the button and to screen readers. Hidden by CSS where there is no script.
 */

import { gettext } from "../lib/translation.js";

const SAID_FOR = 2500; // milliseconds

export class CopyButton extends HTMLElement {
  // Speaks to screen readers; null before the element is on a page.
  /** @type {HTMLElement | null} */
  #voice = null;
  // Ends what is said.
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    const button = this.querySelector("button");
    if (!button || this.#voice) return;
    const voice = document.createElement("span");
    voice.className = "visually-hidden";
    voice.setAttribute("role", "status");
    this.append(voice);
    this.#voice = voice;
    const words = this.querySelector("[data-words]") ?? button;
    button.addEventListener("click", async () => this.#say(await this.#copy(button), words, voice));
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  get text() {
    if (this.dataset.text) return this.dataset.text;
    const source = this.#source();
    return isField(source) ? source.value : (source?.textContent?.trim() ?? "");
  }

  /**
   * Copy, and return what to say.
   *
   * @param {HTMLElement} button
   */
  async #copy(button) {
    const copied = (await writeToClipboard(this.text)) || copyBySelection(this.text, button);
    const source = this.#source();
    if (!copied && isField(source)) source.select();
    return copied ? gettext("Copied") : gettext("Press Ctrl+C to copy");
  }

  #source() {
    return document.getElementById(this.getAttribute("for") ?? "");
  }

  /**
   * @param {string} text
   * @param {Element} words the element on the button that says it
   * @param {HTMLElement} voice
   */
  #say(text, words, voice) {
    this.dataset.before ??= words.textContent ?? "";
    words.textContent = text;
    voice.textContent = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      words.textContent = this.dataset.before ?? "";
      voice.textContent = "";
    }, SAID_FOR);
  }
}

/**
 * @param {HTMLElement | null} element
 * @returns {element is HTMLInputElement | HTMLTextAreaElement}
 */
function isField(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

/**
 * Return false where the clipboard's API is missing, as on plain http, or refused.
 *
 * @param {string} text
 */
async function writeToClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} text
 * @param {HTMLElement} focusAfterwards
 */
function copyBySelection(text, focusAfterwards) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focusAfterwards.focus();
  return copied;
}

customElements.define("copy-button", CopyButton);
