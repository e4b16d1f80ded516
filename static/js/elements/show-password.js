/** <show-password> around a password's input and a button: the button shows what was typed. Hidden without scripts. */
export class ShowPassword extends HTMLElement {
  // True once it listens: an element may be moved on its page.
  #isReady = false;

  connectedCallback() {
    const input = this.querySelector("input");
    const button = this.querySelector("button");
    if (!input || !button || this.#isReady) return;
    this.#isReady = true;
    /** @param {boolean} isShown */
    const show = (isShown) => {
      input.type = isShown ? "text" : "password";
      button.setAttribute("aria-pressed", String(isShown));
    };
    button.addEventListener("click", () => show(input.type === "password"));
    // Browsers offer to keep what is sent as a password alone.
    input.form?.addEventListener("submit", () => show(false));
  }
}

customElements.define("show-password", ShowPassword);
