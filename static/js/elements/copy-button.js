/**
 * <copy-button data-text="…"> or <copy-button for="id of an input or element">, around a button of the page's own.
 * Copies, says so on the button and to screen readers. Hidden by CSS where there is no script.
 */

const SAID_FOR = 2500; // milliseconds

export class CopyButton extends HTMLElement {
  #button;
  #words;
  #voice;
  #timer;

  connectedCallback() {
    this.#button = this.querySelector("button");
    if (!this.#button || this.#voice) return;
    this.#words = this.querySelector("[data-words]") ?? this.#button;
    this.#voice = document.createElement("span");
    this.#voice.className = "visually-hidden";
    this.#voice.setAttribute("role", "status");
    this.append(this.#voice);
    this.#button.addEventListener("click", () => this.#copy());
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  get text() {
    if (this.dataset.text) return this.dataset.text;
    const source = document.getElementById(this.getAttribute("for"));
    return source?.value ?? source?.textContent.trim() ?? "";
  }

  async #copy() {
    const copied = (await writeToClipboard(this.text)) || copyBySelection(this.text, this.#button);
    if (!copied) this.#source()?.select?.();
    this.#say(copied ? "Copied" : "Press Ctrl+C to copy");
  }

  #source() {
    return document.getElementById(this.getAttribute("for"));
  }

  #say(words) {
    this.dataset.before ??= this.#words.textContent;
    this.#words.textContent = words;
    this.#voice.textContent = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#words.textContent = this.dataset.before;
      this.#voice.textContent = "";
    }, SAID_FOR);
  }
}

/** The clipboard API is missing on plain http, and may be refused. */
async function writeToClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

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
