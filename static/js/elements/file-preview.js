/**
 * <file-preview> around a <dialog>: shows in it what the page's links with `data-preview`, a media type, lead to, one
 * after the other. A link has `data-name`, `data-size` in words, and `data-download`, where the file is fetched.
 * Without script, and in a tab of its own, a link leads to the bucket.
 */

import { drawing, Empty, isGiven, Unfetched } from "../views/preview.js";

const UNSHOWN =
  "This file cannot be previewed here. This browser cannot show it: download it and open it with another program.";
const EMPTY = "This file is empty.";
// A signature lives an hour at least. What was paused for longer is asked for again before it goes on.
const FRESH_FOR = 50 * 60 * 1000; // milliseconds
const STALLED_AFTER = 10_000;
const UNFETCHED = "It cannot be fetched just now. Load this page again, and try once more.";

export class FilePreview extends HTMLElement {
  #stop;
  #looking = new AbortController();
  #link = null;
  #signedAt = 0;
  #isRenewed = false;

  connectedCallback() {
    const dialog = this.querySelector("dialog");
    if (!dialog.showModal) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("click", (event) => this.#follow(event), { signal });
    dialog.addEventListener("close", () => this.#leave(), { signal });
    dialog.addEventListener("keydown", (event) => this.#turn(event), { signal });
    // The frame has the focus once this event is over.
    window.addEventListener("blur", () => setTimeout(() => this.#takeBack()), { signal });
    this.#part("close").addEventListener("click", () => dialog.close(), { signal });
    this.#part("previous").addEventListener("click", () => this.#show(this.#beside(-1)), { signal });
    this.#part("next").addEventListener("click", () => this.#show(this.#beside(1)), { signal });
    // None of these three bubbles.
    for (const event of ["load", "loadedmetadata"]) {
      this.#part("stage").addEventListener(event, ({ target }) => this.#shown(target), { signal, capture: true });
    }
    this.#part("stage").addEventListener("error", ({ target }) => this.#miss(target), { signal, capture: true });
    for (const event of ["play", "seeking"]) {
      this.#part("stage").addEventListener(event, ({ target }) => this.#freshen(target), { signal, capture: true });
    }
    // Some browsers say nothing when the bucket refuses what comes next: the player just waits.
    this.#part("stage").addEventListener("waiting", ({ target }) => this.#watch(target), { signal, capture: true });
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

  /**
   * A viewer of PDF in a frame keeps every key to itself, Escape, too: so the focus comes back from it. Who reads by the
   * keyboard opens the file in a tab.
   */
  #takeBack() {
    if (document.activeElement?.parentElement === this.#part("stage"))
      this.#part("stage").focus({ preventScroll: true });
  }

  #shown(drawn) {
    if (drawn.matches("audio, video")) drawn.dataset.wasShown = "yes";
    this.#say("");
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
      this.#signedAt = performance.now();
      this.#part("stage").replaceChildren(drawn);
      // A text is there, and a frame's viewer says itself how far it is: not every browser tells when a frame has loaded.
      if (drawn.matches("pre, iframe")) this.#say("");
      this.#note(drawn.dataset.note);
    } catch (error) {
      if (!signal.aborted) this.#say(wordsFor(error));
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
    this.#part("previous").setAttribute("aria-disabled", String(at === 0));
    this.#part("next").setAttribute("aria-disabled", String(at === links.length - 1));
    this.#part("download").action = link.dataset.download;
    this.#part("tab").href = link.href;
    this.#part("tab").hidden = link.dataset.preview !== "application/pdf";
  }

  /** What was shown once can be shown: its signature has ended, or the network broke off. Else it is no such file. */
  async #miss(drawn) {
    if (drawn.dataset.wasShown && !this.#isRenewed) return this.#renew(drawn);
    this.#part("stage").replaceChildren();
    const { signal } = this.#looking;
    const given = await isGiven(drawn.src, { signal });
    if (!signal.aborted) this.#say(given ? UNSHOWN : UNFETCHED);
  }

  #freshen(player) {
    if (player.dataset.wasShown && performance.now() - this.#signedAt > FRESH_FOR) this.#renew(player);
  }

  #watch(player) {
    const at = player.currentTime;
    const { signal } = this.#looking;
    setTimeout(() => {
      const isStuck =
        player.currentTime === at && !player.paused && player.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
      if (isStuck && !signal.aborted && !this.#isRenewed) this.#renew(player);
    }, STALLED_AFTER);
  }

  /** Its own address redirects to a URL that is signed anew; it goes on where it was, as it was. */
  #renew(player) {
    const { currentTime, playbackRate } = player;
    const isPlaying = !player.paused;
    this.#isRenewed = true;
    this.#signedAt = performance.now();
    player.addEventListener("loadeddata", () => (this.#isRenewed = false), { once: true });
    player.load();
    Object.assign(player, { currentTime, playbackRate });
    if (isPlaying) player.play().catch(() => {}); // the browser may want a click for it, which its own controls take
  }

  #leave() {
    this.#clear();
    this.#link?.focus();
  }

  #clear() {
    this.#looking.abort();
    this.#looking = new AbortController();
    this.#isRenewed = false;
    this.#note("");
    this.#part("stage").replaceChildren();
  }

  #note(words = "") {
    this.#part("note").textContent = words;
  }

  #say(words) {
    this.#part("word").textContent = words;
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }
}

function wordsFor(error) {
  if (error instanceof Empty) return EMPTY;
  return error instanceof Unfetched ? UNFETCHED : UNSHOWN;
}

customElements.define("file-preview", FilePreview);
