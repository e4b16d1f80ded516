/**
 * <share-button data-url="…" data-title="…" hidden> around a button of the page's own: opens the system's own way to share
 * a link. Hidden where there is none (Web Share API, https://www.w3.org/TR/web-share/).
 */

export class ShareButton extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #stop;

  connectedCallback() {
    if (!("share" in navigator)) return;
    this.hidden = false;
    this.#stop = new AbortController();
    this.querySelector("button")?.addEventListener("click", () => this.#share(), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  async #share() {
    const { url = "", title = "" } = this.dataset;
    try {
      await navigator.share({ url, title });
    } catch {
      // Whoever closes the system's dialog has decided not to; the link can still be copied.
    }
  }
}

customElements.define("share-button", ShareButton);
