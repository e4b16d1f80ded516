// How a file is shown: an element for each kind of media. None of them runs what is in the file.

import { decoded } from "../lib/decoding.js";

/** The file was not given: the link has ended, say, or the network is gone. */
export class Unfetched extends Error {}

/** There is nothing in it. */
export class Empty extends Error {}

/**
 * The element that shows what `url` leads to as this media type. It may still be loading, and says by `load`,
 * `loadedmetadata` or `error` what became of that. What is to be said beside it stands in its `data-note`. Throws Unfetched,
 * Empty, and another error for what the browser cannot show.
 */
export async function drawing(type, { url, name, signal }) {
  const draw = { image: picture, video: player, audio: player, text }[type.split("/")[0]] ?? frame;
  return draw({ url, name, signal, kind: type.split("/")[0] });
}

function picture({ url, name }) {
  return Object.assign(new Image(), { src: url, alt: name });
}

function player({ url, name, kind }) {
  const element = Object.assign(document.createElement(kind), { src: url, controls: true, preload: "metadata" });
  element.setAttribute("playsinline", "");
  element.setAttribute("aria-label", name);
  return element;
}

async function text({ url, name, signal }) {
  const answer = await fetched(url, { signal });
  if (!answer.ok) throw new Unfetched();
  const element = document.createElement("pre");
  Object.assign(element, { tabIndex: 0, dir: "auto", translate: false });
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", name);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!bytes.length) throw new Empty();
  const { text: words, isGuessed } = decoded(bytes) ?? fail("It is no text.");
  element.textContent = words;
  if (isGuessed)
    element.dataset.note = "This text is not UTF-8. It is shown as Windows-1252, so some letters may be wrong.";
  return element;
}

/** A PDF. Not in a sandbox, where browsers refuse their viewer; from an origin that holds no session. */
async function frame({ url, name, signal }) {
  if (!hasPdfViewer()) fail("There is no viewer for it.");
  if (!(await isGiven(url, { signal }))) throw new Unfetched(); // a frame does not tell
  return Object.assign(document.createElement("iframe"), { src: url, title: name, tabIndex: -1 });
}

function hasPdfViewer() {
  // Safari before 16.4 has no word for it, and shows them.
  return navigator.pdfViewerEnabled ?? true;
}

function fail(why) {
  throw new Error(why);
}

/** Whether this address leads to the bucket now. A HEAD counts no view. */
export async function isGiven(url, { signal }) {
  const answer = await fetched(url, { method: "HEAD", redirect: "manual", signal }).catch(() => null);
  return answer?.type === "opaqueredirect";
}

async function fetched(url, options) {
  try {
    return await fetch(url, { cache: "no-store", ...options });
  } catch {
    throw new Unfetched();
  }
}
