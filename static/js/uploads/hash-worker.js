// Runs in a Web Worker: answers {id, blob} with {id, digest}, the SHA-256 in base64, or with {id, error}.
// One blob at a time, so that one part at most is in memory. With `handsOver`, for small ones, the answer has their
// `bytes`, too, and they do not wait for each other.

let turn = Promise.resolve();
// What the last blob was read into: fresh memory for each part costs more than its hash, and is given back late.
let memory = new ArrayBuffer(0);

addEventListener("message", ({ data: { id, blob, handsOver } }) => {
  if (handsOver) answer(id, () => handedOver(blob));
  else turn = turn.then(() => answer(id, async () => ({ digest: await digest(await read(blob)) })));
});

async function answer(id, work) {
  try {
    const { digest, bytes } = await work();
    postMessage({ id, digest, bytes }, bytes ? [bytes] : []);
  } catch (error) {
    postMessage({ id, error: { name: error.name, message: error.message } });
  }
}

async function handedOver(blob) {
  const bytes = await blob.arrayBuffer();
  return { digest: await digest(bytes), bytes };
}

async function digest(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
}

/** All bytes of the blob. They stay what they are until the next is read. */
async function read(blob) {
  const reader = blob.size && intoMemory(blob);
  if (!reader) return blob.arrayBuffer();
  let buffer = memory.byteLength < blob.size ? new ArrayBuffer(blob.size) : memory;
  memory = new ArrayBuffer(0);
  for (let length = 0; length < blob.size; ) {
    // The reader takes the buffer and gives it back.
    const { value, done } = await reader.read(new Uint8Array(buffer, length, blob.size - length));
    if (done) throw new DOMException("The file is shorter than it was.", "NotReadableError");
    buffer = value.buffer;
    length += value.byteLength;
  }
  memory = buffer;
  return new Uint8Array(buffer, 0, blob.size);
}

/** A reader that fills a buffer of ours, or null in a browser whose blobs have none. */
function intoMemory(blob) {
  try {
    return blob.stream().getReader({ mode: "byob" });
  } catch {
    return null;
  }
}
