/**
 * <file-preview> around a <dialog>: shows in it what the page's links with `data-preview`, a media type, lead to, one
 * after the other. A link has `data-name`, `data-size` in words, and `data-download`, where the file is fetched.
 * Without script, and in a tab of its own, a link leads to the bucket.
 */

import { gettext, interpolate } from "../lib/translation.js";
import { partOf } from "../views/parts.js";
import { Empty, isGiven, previewOf, Unfetched } from "../views/preview.js";

const UNSHOWN = gettext("This browser can't show this file. Download it and open it in another app.");
const EMPTY = gettext("This file is empty.");
// A signature lives an hour at least. What was paused for longer is asked for again before it goes on.
const FRESH_FOR = 50 * 60 * 1000; // milliseconds
const STALLED_AFTER = 10_000;
const UNFETCHED = gettext("The preview couldn't be loaded. Reload this page and try again.");

// From one frame to another the focus goes without an event, as when a viewer on the page has loaded: looked at so often.
const FOCUS_MS = 250;

export class FilePreview extends HTMLElement {
  // Ends what listens while the element is on the page.
  /** @type {AbortController | undefined} */
  #stop;
  // Ends what loads for the file that is shown.
  #looking = new AbortController();
  // That of the file that is shown.
  /** @type {HTMLAnchorElement | null} */
  #link = null;
  // The time at which its URL was signed, as of performance.now().
  #signedAt = 0;
  #isRenewed = false;
  // Looks where the focus is while the dialog is open.
  #focusTimer = 0;
  // Puts back the frames of the page: a viewer that loads there would take the focus from the dialog.
  /** @type {(() => void)[]} */
  #putBack = [];

  connectedCallback() {
    const dialog = this.#dialog;
    if (!dialog?.showModal) return;
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
    this.#listenToStage(signal);
  }

  disconnectedCallback() {
    this.#stop?.abort();
    clearInterval(this.#focusTimer);
  }

  /**
   * Listen to what the file's own element tells, none of which bubbles.
   *
   * @param {AbortSignal} signal
   */
  #listenToStage(signal) {
    const options = { signal, capture: true };
    const stage = this.#part("stage");
    for (const event of ["load", "loadedmetadata"]) {
      stage.addEventListener(event, ({ target }) => this.#shown(target), options);
    }
    stage.addEventListener("error", ({ target }) => this.#miss(target), options);
    for (const event of ["play", "seeking"]) {
      stage.addEventListener(event, ({ target }) => this.#freshen(target), options);
    }
    // Some browsers say nothing when the bucket refuses what comes next: the player just waits.
    stage.addEventListener("waiting", ({ target }) => this.#watch(target), options);
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  get #links() {
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll("a[data-preview]");
    return [...links];
  }

  /** @param {number} step */
  #beside(step) {
    const links = this.#links;
    return this.#link && (links[links.indexOf(this.#link) + step] ?? null);
  }

  /**
   * Show it in place of the browser, unless that was told to open another tab.
   *
   * @param {MouseEvent} event
   */
  #follow(event) {
    const link = event.target instanceof Element ? event.target.closest("a[data-preview]") : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#dialog?.showModal();
    this.#putBack = [...document.querySelectorAll("pdf-frame iframe")].map(takeOut);
    this.#focusTimer = setInterval(() => this.#takeBack(), FOCUS_MS);
    this.#show(link);
  }

  /**
   * Turn by the arrow keys, which in a player seek.
   *
   * @param {KeyboardEvent} event
   */
  #turn(event) {
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest("audio, video")) return;
    this.#show(this.#beside(step));
  }

  /**
   * A viewer of PDF in a frame keeps every key to itself, Escape, too: so the focus comes back from it. Who reads by
   * the keyboard opens the file in a tab.
   */
  #takeBack() {
    const isFrame = document.activeElement instanceof HTMLIFrameElement;
    if (isFrame && this.#dialog?.open) this.#part("stage").focus({ preventScroll: true });
  }

  /** @param {EventTarget | null} drawn */
  #shown(drawn) {
    if (drawn instanceof HTMLMediaElement) drawn.dataset.wasShown = "yes";
    this.#say("");
  }

  /** @param {HTMLAnchorElement | null} link */
  async #show(link) {
    if (!link) return;
    this.#link = link;
    this.#label(link);
    this.#clear();
    const { signal } = this.#looking;
    this.#say("Loading…");
    const { preview = "", name = "" } = link.dataset;
    try {
      const drawn = await previewOf(preview, { url: link.href, name, signal });
      if (signal.aborted) return;
      this.#signedAt = performance.now();
      this.#part("stage").replaceChildren(drawn);
      // A text is there, and a frame's viewer says itself how far it is: not every browser tells when a frame has
      // loaded.
      if (drawn.matches("pre, iframe")) this.#say("");
      this.#note(drawn.dataset.note);
    } catch (error) {
      if (!signal.aborted) this.#say(wordsFor(error));
    }
  }

  /** @param {HTMLAnchorElement} link */
  #label(link) {
    const links = this.#links;
    const at = links.indexOf(link);
    const { name = "", size = "", download = "", preview } = link.dataset;
    this.#part("name").textContent = name;
    this.#part("size").textContent = size;
    this.#part("place").textContent = links.length > 1 ? placeOf(at + 1, links.length) : "";
    this.#part("turning").hidden = links.length === 1;
    // A button that is disabled would lose the focus.
    this.#part("previous").setAttribute("aria-disabled", String(at === 0));
    this.#part("next").setAttribute("aria-disabled", String(at === links.length - 1));
    partOf(this, "download", HTMLFormElement).action = download;
    const tab = partOf(this, "tab", HTMLAnchorElement);
    tab.href = link.href;
    tab.hidden = preview !== "application/pdf";
  }

  /**
   * Handle a file that failed to load. If it was shown before, its signature has expired or the network broke off: sign
   * it anew. Else the browser cannot show it.
   *
   * @param {EventTarget | null} drawn
   */
  async #miss(drawn) {
    if (drawn instanceof HTMLMediaElement && drawn.dataset.wasShown && !this.#isRenewed) return this.#renew(drawn);
    if (!(drawn instanceof HTMLMediaElement || drawn instanceof HTMLImageElement)) return; // nothing else tells
    this.#part("stage").replaceChildren();
    const { signal } = this.#looking;
    const given = await isGiven(drawn.src, { signal });
    if (!signal.aborted) this.#say(given ? UNSHOWN : UNFETCHED);
  }

  /** @param {EventTarget | null} player */
  #freshen(player) {
    if (!(player instanceof HTMLMediaElement)) return;
    if (player.dataset.wasShown && performance.now() - this.#signedAt > FRESH_FOR) this.#renew(player);
  }

  /** @param {EventTarget | null} player */
  #watch(player) {
    if (!(player instanceof HTMLMediaElement)) return;
    const at = player.currentTime;
    const { signal } = this.#looking;
    setTimeout(() => {
      const isStuck =
        player.currentTime === at && !player.paused && player.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
      if (isStuck && !signal.aborted && !this.#isRenewed) this.#renew(player);
    }, STALLED_AFTER);
  }

  /**
   * Have its URL signed anew: its own address redirects to one. It goes on where it was, as it was.
   *
   * @param {HTMLMediaElement} player
   */
  #renew(player) {
    const { currentTime, playbackRate } = player;
    const isPlaying = !player.paused;
    this.#isRenewed = true;
    this.#signedAt = performance.now();
    const note = () => {
      this.#isRenewed = false;
    };
    player.addEventListener("loadeddata", note, { once: true });
    player.load();
    Object.assign(player, { currentTime, playbackRate });
    if (isPlaying) player.play().catch(() => {}); // the browser may want a click for it, which its own controls take
  }

  #leave() {
    clearInterval(this.#focusTimer);
    for (const putBack of this.#putBack.splice(0)) putBack();
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

  /** @param {string | undefined} words */
  #note(words = "") {
    this.#part("note").textContent = words;
  }

  /** @param {string} words */
  #say(words) {
    this.#part("word").textContent = words;
  }

  /** @param {string} name */
  #part(name) {
    return partOf(this, name, HTMLElement);
  }
}

/**
 * @param {number} number
 * @param {number} all
 */
function placeOf(number, all) {
  return interpolate(gettext("%(number)s of %(all)s"), { number, all });
}

/** @param {unknown} error */
function wordsFor(error) {
  if (error instanceof Empty) return EMPTY;
  return error instanceof Unfetched ? UNFETCHED : UNSHOWN;
}

/**
 * Take an element out of the page, and return what puts it back.
 *
 * @param {Element} element
 */
function takeOut(element) {
  const place = document.createComment("");
  element.replaceWith(place);
  return () => place.replaceWith(element);
}

customElements.define("file-preview", FilePreview);
