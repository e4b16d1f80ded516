/**
 * <local-moment> around a datetime-local input that the server reads as UTC: the person enters their own time,
 * and the form sends UTC. Without script the label keeps saying UTC.
 */

import { asLocal } from "../lib/local-date.js";
import { gettext } from "../lib/translation.js";

export class LocalMoment extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #sending;

  connectedCallback() {
    const input = this.querySelector("input");
    const zone = this.querySelector("[data-zone]");
    if (!input?.form) return;
    if (zone) zone.textContent = gettext("in your time zone");
    input.min = asLocal(new Date());
    if (input.value) input.value = asLocal(new Date(`${input.value}Z`));
    this.#sending = new AbortController();
    const localToUtc = (/** @type {FormDataEvent} */ event) => {
      if (input.value) event.formData.set(input.name, new Date(input.value).toISOString().slice(0, 16));
    };
    input.form.addEventListener("formdata", localToUtc, { signal: this.#sending.signal });
  }

  disconnectedCallback() {
    this.#sending?.abort();
  }
}

customElements.define("local-moment", LocalMoment);
