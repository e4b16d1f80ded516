/**
 * <account-menu> around a button and the popover that it opens: closes it when the focus goes elsewhere. In a browser that
 * has no popovers it also opens and closes it, by `data-open`.
 */

const HAS_POPOVERS = "popover" in HTMLElement.prototype;

export class AccountMenu extends HTMLElement {
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.addEventListener("focusout", ({ relatedTarget }) => this.#leaveFor(relatedTarget), { signal });
    if (HAS_POPOVERS) return;
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.addEventListener("click", () => this.#show(!("open" in this.dataset)), { signal });
    document.addEventListener("pointerdown", ({ target }) => this.contains(target) || this.#show(false), { signal });
    this.addEventListener("keydown", (event) => this.#escape(event), { signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  get #button() {
    return this.querySelector("button");
  }

  /** Nowhere is another window, from which one comes back. */
  #leaveFor(element) {
    if (!element || this.contains(element)) return;
    if (HAS_POPOVERS) this.querySelector("[popover]").hidePopover();
    else this.#show(false);
  }

  #escape({ key }) {
    if (key !== "Escape" || !("open" in this.dataset)) return;
    this.#show(false);
    this.#button.focus();
  }

  #show(isOpen) {
    this.toggleAttribute("data-open", isOpen);
    this.#button.setAttribute("aria-expanded", String(isOpen));
  }
}

customElements.define("account-menu", AccountMenu);
