/**
 * <account-menu> around a button and the popover that it opens: closes it when the focus goes elsewhere. In a browser
 * that has no popovers it also opens and closes it, by `data-open`.
 */

const HAS_POPOVERS = "popover" in HTMLElement.prototype;

export class AccountMenu extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.addEventListener("focusout", ({ relatedTarget }) => this.#leaveFor(relatedTarget), { signal });
    if (HAS_POPOVERS) return;
    this.#button?.setAttribute("aria-expanded", "false");
    this.#button?.addEventListener("click", () => this.#show(!("open" in this.dataset)), { signal });
    document.addEventListener("pointerdown", ({ target }) => this.#holds(target) || this.#show(false), { signal });
    this.addEventListener("keydown", (event) => this.#escape(event), { signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  get #button() {
    return this.querySelector("button");
  }

  /** @param {EventTarget | null} target */
  #holds(target) {
    return target instanceof Node && this.contains(target);
  }

  /**
   * Close it when the focus goes to `element`. Nowhere is another window, from which one comes back.
   *
   * @param {EventTarget | null} element
   */
  #leaveFor(element) {
    if (!element || this.#holds(element)) return;
    const popover = this.querySelector("[popover]");
    if (HAS_POPOVERS && popover instanceof HTMLElement) popover.hidePopover();
    else this.#show(false);
  }

  /** @param {KeyboardEvent} event */
  #escape({ key }) {
    if (key !== "Escape" || !("open" in this.dataset)) return;
    this.#show(false);
    this.#button?.focus();
  }

  /** @param {boolean} isOpen */
  #show(isOpen) {
    this.toggleAttribute("data-open", isOpen);
    this.#button?.setAttribute("aria-expanded", String(isOpen));
  }
}

customElements.define("account-menu", AccountMenu);
