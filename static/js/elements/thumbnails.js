// Thumbnails of a page that was open for so long that the URLs it holds have expired: asked for again by an address of
// this site, `data-again`, that redirects to a URL signed anew. An image that is loaded lazily may come to it after days.

const AGAIN_AFTER = 60_000; // milliseconds; what fails sooner than that has another reason

const askedAt = new WeakMap();

// "error" does not bubble.
document.addEventListener(
  "error",
  ({ target }) => {
    const address = target.dataset?.again;
    if (!address || performance.now() - (askedAt.get(target) ?? -Infinity) < AGAIN_AFTER) return;
    askedAt.set(target, performance.now());
    target.src = address;
  },
  { capture: true },
);
