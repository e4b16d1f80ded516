// The preview of a file: an element for each kind of media. None of them runs what is in the file.

import { decoded } from "../lib/decoding.js";
import { gettext } from "../lib/translation.js";

/**
 * A file to show: where it is, what it is called, and what ends waiting for it.
 *
 * @typedef {{ url: string, name: string, signal: AbortSignal }} Shown
 */

const DOUBTS = {
  damaged: gettext("Some characters of this text are damaged. They are shown as �."),
  guessed: gettext("This text is not UTF-8. It is shown as Windows-1252, so some letters may be wrong."),
};

/** The file was not given: the link has ended, say, or the network is gone. */
export class Unfetched extends Error {}

/** There is nothing in it. */
export class Empty extends Error {}

/**
 * Return the element that shows what `url` leads to as this media type. It may still be loading, and says by `load`,
 * `loadedmetadata` or `error` what became of that. What is to be said beside it stands in its `data-note`. Throws
 * Unfetched, Empty, and another error for what the browser cannot show.
 *
 * @param {string} type
 * @param {Shown} shown
 * @returns {Promise<HTMLElement>}
 */
export async function previewOf(type, shown) {
  const [kind] = type.split("/");
  if (kind === "image") return picture(shown);
  if (kind === "video" || kind === "audio") return player(kind, shown);
  return kind === "text" ? text(shown) : frame(shown);
}

/** @param {Shown} shown */
function picture({ url, name }) {
  return Object.assign(new Image(), { src: url, alt: name });
}

/**
 * @param {"video" | "audio"} kind
 * @param {Shown} shown
 */
function player(kind, { url, name }) {
  const element = document.createElement(kind);
  Object.assign(element, { src: url, controls: true, preload: "metadata" });
  element.setAttribute("playsinline", "");
  element.setAttribute("aria-label", name);
  return element;
}

/** @param {Shown} shown */
async function text({ url, name, signal }) {
  const answer = await fetched(url, { signal });
  if (!answer.ok) throw new Unfetched();
  const element = document.createElement("pre");
  Object.assign(element, { tabIndex: 0, dir: "auto", translate: false });
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", name);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!bytes.length) throw new Empty();
  const read = decoded(bytes);
  if (!read) throw new Error("It is no text.");
  element.textContent = read.text;
  if (read.doubt) element.dataset.note = DOUBTS[read.doubt];
  return element;
}

/**
 * Show a PDF. Not in a sandbox, where browsers refuse their viewer; from an origin that holds no session.
 *
 * @param {Shown} shown
 */
async function frame({ url, name, signal }) {
  if (!hasPdfViewer()) throw new Error("There is no viewer for it.");
  if (!(await isGiven(url, { signal }))) throw new Unfetched(); // a frame does not tell
  return Object.assign(document.createElement("iframe"), { src: url, title: name, tabIndex: -1 });
}

function hasPdfViewer() {
  // Safari before 16.4 has no word for it, and shows them.
  return navigator.pdfViewerEnabled ?? true;
}

/**
 * Return whether this address leads to the bucket now. A HEAD counts no view.
 *
 * @param {string} url
 * @param {{ signal: AbortSignal }} options
 */
export async function isGiven(url, { signal }) {
  const answer = await fetched(url, { method: "HEAD", redirect: "manual", signal }).catch(() => null);
  return answer?.type === "opaqueredirect";
}

/**
 * @param {string} url
 * @param {RequestInit} options
 */
async function fetched(url, options) {
  try {
    return await fetch(url, { cache: "no-store", ...options });
  } catch {
    throw new Unfetched();
  }
}
