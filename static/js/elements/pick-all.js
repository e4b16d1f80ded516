/**
 * <pick-all> around a form's checkbox "all on this page" and its buttons. The checkbox stands for all of them by itself;
 * here it also ticks the others, so that one can be left out again, and the buttons say how many are picked. A tick with
 * the shift key ticks the rows between it and the one before.
 */

export class PickAll extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #stop;
  // The row that was ticked last, where a range begins.
  /** @type {HTMLInputElement | undefined} */
  #last;

  connectedCallback() {
    const all = this.querySelector("[data-all]");
    if (!(all instanceof HTMLInputElement) || !all.form) return;
    const { form } = all;
    const buttons = [...this.querySelectorAll("[data-counts]")];
    const words = buttons.map((button) => button.textContent?.trim() ?? "");
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const show = () => {
      const rows = rowsOf(form);
      const picked = rows.filter((row) => row.checked).length;
      // A folder is more than what this page shows of it.
      const peers = rows.filter((row) => row.name === all.name);
      all.checked = peers.length > 0 && peers.every((row) => row.checked);
      all.indeterminate = picked > 0 && !all.checked;
      for (const [place, button] of buttons.entries()) {
        button.textContent = picked ? `${words[place]} (${picked})` : (words[place] ?? "");
      }
    };
    const pickRows = () => {
      for (const row of rowsOf(form)) if (row.name === all.name) row.checked = all.checked;
      show();
    };
    const pickRange = (/** @type {MouseEvent} */ { target, shiftKey }) => {
      const rows = rowsOf(form);
      const end = target instanceof HTMLInputElement ? rows.indexOf(target) : -1;
      if (end < 0) return;
      const start = this.#last ? rows.indexOf(this.#last) : -1;
      this.#last = rows[end];
      if (!shiftKey || start < 0) return;
      const { checked = false } = rows[end] ?? {};
      for (const row of rows.slice(Math.min(start, end), Math.max(start, end))) row.checked = checked;
      show();
    };
    const note = (/** @type {Event} */ { target }) => {
      if (target !== all && target instanceof HTMLInputElement && target.form === form) show();
    };
    all.addEventListener("change", pickRows, { signal });
    // The boxes stand in the table, outside of the form that they belong to.
    document.addEventListener("change", note, { signal });
    document.addEventListener("click", pickRange, { signal });
    // Browsers restore ticks when somebody comes back to the page.
    addEventListener("pageshow", show, { signal });
    show();
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }
}

/**
 * Return the form's checkboxes of one row each, in their order on the page.
 *
 * @param {HTMLFormElement} form
 */
function rowsOf(form) {
  return [...form.elements].filter(
    /** @returns {element is HTMLInputElement} */
    (element) =>
      element instanceof HTMLInputElement &&
      element.type === "checkbox" &&
      ["file", "folder", "link"].includes(element.name) &&
      !("all" in element.dataset),
  );
}

customElements.define("pick-all", PickAll);
