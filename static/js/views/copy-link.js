// A button that makes a link and copies it, and what stands beside it meanwhile and afterwards.

/**
 * `parts`: the button `copy`; `link`, hidden at first, around the input `address`, the status `copied` and the anchor `rules`.
 * `made` promises the API's Link.
 */
export async function copyLink({ copy, link, address, copied, rules }, made) {
  copy.disabled = true;
  link.hidden = false;
  address.hidden = true;
  rules.hidden = true;
  copied.textContent = "Making the link";
  // Browsers let a page copy at the moment of the click: this promise is begun there.
  const copying = writeToClipboard(made);
  try {
    const { url, page_url: page } = await made;
    address.value = url;
    address.hidden = false;
    rules.href = page;
    rules.hidden = false;
    const isCopied = (await copying) || copyFrom(address);
    copied.textContent = `${isCopied ? "Copied." : "Press Ctrl+C to copy."} Good for a week.`;
  } catch (error) {
    copied.textContent = `No link was made. ${whyNot(error)}`;
  } finally {
    copy.disabled = false;
  }
}

function whyNot(error) {
  if (error.name !== "ApiError") return `This page met an error: reload it. (${error.message})`;
  return error.isTemporary ? `${error.message} Try again in a moment.` : error.message;
}

/** Copy a text that is yet to come. False where the clipboard is refused, as it is on plain http. */
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

function copyFrom(input) {
  input.focus();
  input.select();
  return document.execCommand("copy");
}
