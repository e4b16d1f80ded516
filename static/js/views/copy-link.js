// A button that makes a link and copies it, and what stands beside it meanwhile and afterwards.

import { ApiError } from "../lib/api.js";
import { messageOf } from "../lib/errors.js";
import { gettext, interpolate } from "../lib/translation.js";

/** @typedef {{ id: string, url: string, page_url: string }} Link */

/**
 * `link`, hidden at first, is around the input `address`, the status `copied` and the anchor `rules`.
 *
 * @typedef {{
 *   copy: HTMLButtonElement,
 *   link: HTMLElement,
 *   address: HTMLInputElement,
 *   copied: HTMLElement,
 *   rules: HTMLAnchorElement,
 * }} LinkParts
 */

/**
 * Show and copy the link that `made` promises. Return what is said of that.
 *
 * @param {LinkParts} parts
 * @param {Promise<Link>} made
 */
export async function copyLink({ copy, link, address, copied, rules }, made) {
  copy.disabled = true;
  link.hidden = false;
  address.hidden = true;
  rules.hidden = true;
  copied.textContent = gettext("Creating link…");
  // Browsers let a page copy at the moment of the click: this promise is begun there.
  const copying = writeToClipboard(made);
  try {
    const { url, page_url: page } = await made;
    address.value = url;
    address.hidden = false;
    rules.href = page;
    rules.hidden = false;
    const isCopied = (await copying) || copyFrom(address);
    copied.textContent = isCopied ? gettext("Link copied") : gettext("Press Ctrl+C to copy");
  } catch (error) {
    copied.textContent = interpolate(gettext("The link could not be created. %(why)s"), { why: whyNot(error) });
  } finally {
    copy.disabled = false;
  }
  return copied.textContent ?? "";
}

/**
 * Return in words why the API did not do what was asked.
 *
 * @param {unknown} error
 */
export function whyNot(error) {
  if (!(error instanceof ApiError)) {
    return interpolate(gettext("Something went wrong on this page. Reload it. (%(error)s)"), {
      error: messageOf(error),
    });
  }
  const { message } = error;
  return error.isTemporary ? interpolate(gettext("%(message)s Try again in a moment."), { message }) : message;
}

/**
 * Copy a text that is yet to come. Return false where the clipboard is refused, as it is on plain http.
 *
 * @param {Promise<Link>} made
 */
async function writeToClipboard(made) {
  try {
    const text = made.then(({ url }) => new Blob([url], { type: "text/plain" }));
    text.catch(() => {});
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
    return true;
  } catch {
    return false;
  }
}

/** @param {HTMLInputElement} input */
function copyFrom(input) {
  input.focus();
  input.select();
  return document.execCommand("copy");
}
