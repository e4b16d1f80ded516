/**
 * <pick-all> around a form's checkbox "all on this page" and its button. The checkbox stands for all of them by itself;
 * here it also ticks the others, so that one can be left out again, and the button says how many are picked.
 */

export class PickAll extends HTMLElement {
  #stop;

  connectedCallback() {
    const all = this.querySelector("[type=checkbox]");
    const form = all?.form;
    if (!form) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const others = () => [...form.elements].filter((element) => element.type === "checkbox" && element !== all);
    const words = this.querySelector("button").textContent;
    const show = () => {
      const picked = others().filter((other) => other.checked).length;
      all.checked = picked > 0 && picked === others().length;
      all.indeterminate = picked > 0 && !all.checked;
      this.querySelector("button").textContent = picked ? `${words} (${picked})` : words;
    };
    all.addEventListener(
      "change",
      () => {
        for (const other of others()) other.checked = all.checked;
        show();
      },
      { signal },
    );
    // The boxes stand in the table, outside of the form that they belong to.
    document.addEventListener("change", ({ target }) => target !== all && target.form === form && show(), { signal });
    // What was ticked when the page was left is ticked when one comes back to it.
    addEventListener("pageshow", show, { signal });
    show();
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }
}

customElements.define("pick-all", PickAll);
