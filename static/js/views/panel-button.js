// The button that opens and closes a link's options. Their module is loaded when it is pressed first, not with the page.

/** @typedef {import("./link-panel.js").LinkPanel} LinkPanel */
/** @typedef {ConstructorParameters<typeof import("./link-panel.js").LinkPanel>} PanelArguments */

export class PanelButton {
  #button;
  #place;
  #arguments;
  /** @type {LinkPanel | null} */
  #panel = null;

  /**
   * `place` puts the panel where it belongs.
   *
   * @param {HTMLButtonElement} button
   * @param {(panel: HTMLElement) => void} place
   * @param {PanelArguments} panelArguments
   */
  constructor(button, place, ...panelArguments) {
    this.#button = button;
    this.#place = place;
    this.#arguments = panelArguments;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => this.#toggle());
  }

  async #toggle() {
    const isOpen = !isPressed(this.#button);
    this.#button.setAttribute("aria-expanded", String(isOpen));
    try {
      if (isOpen) await this.#make();
    } catch {
      // It could not be loaded: pressed again, it is asked for again.
      this.#button.setAttribute("aria-expanded", "false");
    }
    this.#show();
  }

  async #make() {
    const { LinkPanel } = await import("./link-panel.js");
    if (this.#panel) return;
    this.#panel = new LinkPanel(...this.#arguments);
    this.#place(this.#panel.element);
  }

  #show() {
    if (!this.#panel) return;
    const isOpen = isPressed(this.#button);
    this.#panel.element.hidden = !isOpen;
    if (isOpen) this.#panel.focus();
  }
}

/**
 * Return whether the panel of this button is open.
 *
 * @param {HTMLButtonElement} button
 */
export function isPressed(button) {
  return button.getAttribute("aria-expanded") === "true";
}
