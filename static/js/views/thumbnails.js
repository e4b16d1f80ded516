// Thumbnails of a page that was open for so long that the URLs it holds have expired: asked for again by an address of
// this site, `data-again`, that redirects to a URL signed anew. An image that is loaded lazily may come to it after
// days.

const AGAIN_AFTER = 60_000; // milliseconds; what fails sooner than that has another reason

/** @type {WeakMap<HTMLImageElement, number>} */
const askedAt = new WeakMap();

/** @param {EventTarget | null} image */
function askAgain(image) {
  if (!(image instanceof HTMLImageElement)) return;
  const address = image.dataset.again;
  if (!address || performance.now() - (askedAt.get(image) ?? -Infinity) < AGAIN_AFTER) return;
  askedAt.set(image, performance.now());
  image.src = address;
}

// "error" does not bubble.
document.addEventListener("error", ({ target }) => askAgain(target), { capture: true });
// Those that failed before this ran.
for (const image of document.images) {
  if (image.complete && !image.naturalWidth) askAgain(image);
}
