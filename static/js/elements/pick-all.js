/**
 * <pick-all> around a form's checkbox "all on this page" and its button. The checkbox stands for all of them by itself;
 * here it also ticks the others, so that one can be left out again, and the button says how many are picked.
 */

export class PickAll extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #stop;

  connectedCallback() {
    const all = this.querySelector("[type=checkbox]");
    if (!(all instanceof HTMLInputElement) || !all.form) return;
    const { form } = all;
    const button = this.querySelector("button");
    const words = button?.textContent ?? "";
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const show = () => {
      const others = othersOf(all, form);
      const picked = others.filter((other) => other.checked).length;
      all.checked = picked > 0 && picked === others.length;
      all.indeterminate = picked > 0 && !all.checked;
      if (button) button.textContent = picked ? `${words} (${picked})` : words;
    };
    const pickOthers = () => {
      for (const other of othersOf(all, form)) other.checked = all.checked;
      show();
    };
    const note = (/** @type {Event} */ { target }) => {
      if (target !== all && target instanceof HTMLInputElement && target.form === form) show();
    };
    all.addEventListener("change", pickOthers, { signal });
    // The boxes stand in the table, outside of the form that they belong to.
    document.addEventListener("change", note, { signal });
    // Browsers restore ticks when somebody comes back to the page.
    addEventListener("pageshow", show, { signal });
    show();
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }
}

/**
 * Return the other checkboxes of the form.
 *
 * @param {HTMLInputElement} all
 * @param {HTMLFormElement} form
 */
function othersOf(all, form) {
  return [...form.elements].filter(
    /** @returns {element is HTMLInputElement} */
    (element) => element instanceof HTMLInputElement && element.type === "checkbox" && element !== all,
  );
}

customElements.define("pick-all", PickAll);
