// Runs in a Web Worker: answers a picture's blob with {blob, sha256}, a small JPEG of it and its digest in base64, or
// with null where this browser can make none.

// On the longer side. Lists show it far smaller, on screens that may have three pixels for one.
const LONGEST = 256;
// In bytes; the API takes no larger one.
const LARGEST = 32 * 1024;
const QUALITIES = [0.8, 0.6, 0.4];

addEventListener("message", async ({ data: picture }) => {
  postMessage(await thumbnailOf(picture).catch(() => null));
});

/** @param {Blob} picture */
async function thumbnailOf(picture) {
  const canvas = draw(await shrink(await createImageBitmap(picture)));
  for (const quality of QUALITIES) {
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (blob.type === "image/jpeg" && blob.size <= LARGEST) return { blob, sha256: await digest(blob) };
  }
  return null;
}

/** @param {ImageBitmap} bitmap */
async function shrink(bitmap) {
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const [resizeWidth, resizeHeight] = [bitmap.width, bitmap.height].map((side) =>
    Math.max(1, Math.round(side * scale)),
  );
  try {
    return await createImageBitmap(bitmap, { resizeWidth, resizeHeight, resizeQuality: "high" });
  } finally {
    bitmap.close();
  }
}

/**
 * Draw it on white: a JPEG has no transparency, and would show black.
 *
 * @param {ImageBitmap} bitmap
 */
function draw(bitmap) {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser does not draw.");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0);
  return canvas;
}

/** @param {Blob} blob */
async function digest(blob) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return btoa(String.fromCharCode(...bytes));
}
