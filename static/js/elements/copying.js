// A button that makes a link and copies it, and what stands beside it meanwhile and afterwards.

/** `parts`: the button `copy`; `link`, hidden at first, around the input `address` and the status `copied`. `made` promises the URL. */
export async function copyLink({ copy, link, address, copied }, made) {
  copy.disabled = true;
  link.hidden = false;
  address.hidden = true;
  copied.textContent = "Making the link";
  // Browsers let a page copy at the moment of the click: this promise is begun there.
  const copying = writeToClipboard(made);
  try {
    address.value = await made;
    address.hidden = false;
    const isCopied = (await copying) || copyFrom(address);
    copied.textContent = `${isCopied ? "Copied." : "Press Ctrl+C to copy."} Good for a week.`;
  } catch (error) {
    copied.textContent = `No link was made. ${error.message || "This site cannot be reached."} Try again in a moment.`;
  } finally {
    copy.disabled = false;
  }
}

/** Copy a text that is yet to come. False where the clipboard is refused, as it is on plain http. */
async function writeToClipboard(promise) {
  try {
    const text = promise.then((value) => new Blob([value], { type: "text/plain" }));
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
