/**
 * <own-archive> around a <download-all> for one's own files. That is seldom pressed: its script is loaded when it is
 * pressed first. It stays hidden where no service worker can run.
 */

export class OwnArchive extends HTMLElement {
  #isReady = false;

  connectedCallback() {
    const button = this.querySelector("button");
    // In some apps' own browsers even a look at it throws; then the element says so.
    if (!button || this.#isReady || !("serviceWorker" in navigator)) return;
    this.#isReady = true;
    this.hidden = false;
    if (customElements.get("download-all")) return;
    const begin = async () => {
      await import("./download-all.js");
      button.click();
    };
    button.addEventListener("click", begin, { once: true });
  }
}

customElements.define("own-archive", OwnArchive);
