/**
 * <file-preview> around a <dialog>: shows in it what the page's links with `data-preview`, a media type, lead to, one
 * after the other. A link has `data-name`, `data-size` in words, and `data-download`, where the file is fetched.
 * Without script, and in a tab of its own, a link leads to the bucket.
 */

import { drawing, Unfetched } from "./drawing.js";

const UNSHOWN = "This browser cannot show it. Download it, and open it with a program of your own.";
const UNFETCHED = "It cannot be fetched just now. Load this page again, and try once more.";

export class FilePreview extends HTMLElement {
  #stop;
  #looking = new AbortController();
  #link = null;
  #isRenewed = false;

  connectedCallback() {
    const dialog = this.querySelector("dialog");
    if (!dialog.showModal) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("click", (event) => this.#follow(event), { signal });
    dialog.addEventListener("close", () => this.#leave(), { signal });
    dialog.addEventListener("keydown", (event) => this.#turn(event), { signal });
    this.#part("close").addEventListener("click", () => dialog.close(), { signal });
    this.#part("previous").addEventListener("click", () => this.#show(this.#beside(-1)), { signal });
    this.#part("next").addEventListener("click", () => this.#show(this.#beside(1)), { signal });
    // None of these three bubbles.
    for (const event of ["load", "loadedmetadata"]) {
      this.#part("stage").addEventListener(event, () => this.#say(""), { signal, capture: true });
    }
    this.#part("stage").addEventListener("error", ({ target }) => this.#miss(target), { signal, capture: true });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  get #links() {
    return [...document.querySelectorAll("a[data-preview]")];
  }

  #beside(step) {
    const links = this.#links;
    return links[links.indexOf(this.#link) + step];
  }

  /** In place of the browser, unless it was told to open another tab. */
  #follow(event) {
    const link = event.target.closest("a[data-preview]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.querySelector("dialog").showModal();
    this.#show(link);
  }

  /** By the arrow keys, which in a player seek. */
  #turn(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("audio, video")) return;
    this.#show(this.#beside(step));
  }

  async #show(link) {
    if (!link) return;
    this.#link = link;
    this.#label(link);
    this.#clear();
    const { signal } = this.#looking;
    this.#say("Loading…");
    try {
      const drawn = await drawing(link.dataset.preview, { url: link.href, name: link.dataset.name, signal });
      if (signal.aborted) return;
      this.#part("stage").replaceChildren(drawn);
      if (drawn.matches("pre")) this.#say("");
    } catch (error) {
      if (!signal.aborted) this.#say(error instanceof Unfetched ? UNFETCHED : UNSHOWN);
    }
  }

  #label(link) {
    const links = this.#links;
    const at = links.indexOf(link);
    this.#part("name").textContent = link.dataset.name;
    this.#part("size").textContent = link.dataset.size;
    this.#part("place").textContent = links.length > 1 ? `${at + 1} of ${links.length}` : "";
    this.#part("turning").hidden = links.length === 1;
    // A button that is disabled would lose the focus.
    this.#part("previous").ariaDisabled = String(at === 0);
    this.#part("next").ariaDisabled = String(at === links.length - 1);
    this.#part("download").action = link.dataset.download;
  }

  /** What is signed is good for some minutes: what is played for longer is asked for again, and goes on where it was. */
  #miss(drawn) {
    const at = drawn.currentTime;
    if (!at || this.#isRenewed) {
      this.#part("stage").replaceChildren();
      this.#say(UNSHOWN);
      return;
    }
    this.#isRenewed = true;
    drawn.addEventListener("playing", () => (this.#isRenewed = false), { once: true });
    drawn.load();
    drawn.currentTime = at;
    drawn.play().catch(() => {}); // the browser may want a click for it, which its own controls take
  }

  #leave() {
    this.#clear();
    this.#link?.focus();
  }

  #clear() {
    this.#looking.abort();
    this.#looking = new AbortController();
    this.#isRenewed = false;
    this.#part("stage").replaceChildren();
  }

  #say(words) {
    this.#part("word").textContent = words;
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }
}

customElements.define("file-preview", FilePreview);
