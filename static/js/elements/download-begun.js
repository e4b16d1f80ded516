/**
 * <download-begun> around a <template> and a live region: says beside the button, once a form that downloads a file
 * was sent, that the download has begun and what to do if it has not. A refusal leads to another page instead.
 */

const ANSWERED_WITHIN = 1500; // milliseconds; until then the page may be left for a refusal

export class DownloadBegun extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    document.addEventListener("submit", (event) => this.#follow(event), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  /** @param {SubmitEvent} event */
  #follow({ target }) {
    if (!(target instanceof HTMLFormElement) || !target.matches("[data-downloads]")) return;
    setTimeout(() => this.#say(target), ANSWERED_WITHIN);
  }

  /** @param {HTMLFormElement} form */
  #say(form) {
    const template = this.querySelector("template");
    const voice = this.querySelector("[role=status]");
    if (!template || !voice) return;
    document.querySelector(".begun")?.remove();
    const words = template.content.cloneNode(true);
    voice.textContent = template.content.textContent;
    (form.closest("li") ?? form).append(words);
  }
}

customElements.define("download-begun", DownloadBegun);
