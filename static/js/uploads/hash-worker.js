// Runs in a Web Worker: answers {id, blob} with {id, digest}, the SHA-256 in base64, or with {id, error}, which says
// whether it was the blob that could not be read (isOfReading).
// One blob at a time, so that one part at most is in memory. With `handsOver`, for small ones, the answer has their
// `bytes`, too, and they do not wait for each other. With `isPlain` no memory is used again.

/** @typedef {{ digest: string, bytes?: ArrayBuffer }} Hashed */

/** The blob did not give its bytes. */
class ReadingError extends Error {}

// Ends when the blob before has been answered.
let turn = Promise.resolve();
// Buffer of the last blob, used again: fresh memory for each part costs more than its hash, and is given back late.
let memory = new ArrayBuffer(0);
// True if filling a buffer of ours gives the bytes that are there, which Chromium 116 to 119 do not: null until tried.
/** @type {boolean | null} */
let fillsRight = null;

addEventListener("message", ({ data: { id, blob, handsOver, isPlain } }) => {
  if (handsOver) answer(id, () => handedOver(blob));
  else turn = turn.then(() => answer(id, async () => ({ digest: await digest(await read(blob, isPlain)) })));
});

/**
 * @param {number} id
 * @param {() => Promise<Hashed>} work
 */
async function answer(id, work) {
  try {
    const { digest, bytes } = await work();
    postMessage({ id, digest, bytes }, bytes ? [bytes] : []);
  } catch (error) {
    postMessage({ id, error: { message: messageOf(error), isOfReading: error instanceof ReadingError } });
  }
}

/** @param {Blob} blob */
async function handedOver(blob) {
  const bytes = await whole(blob);
  return { digest: await digest(bytes), bytes };
}

/** @param {BufferSource} bytes */
async function digest(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
}

/**
 * Return all bytes of the blob. They stay what they are until the next is read.
 *
 * @param {Blob} blob
 * @param {boolean} isPlain
 */
async function read(blob, isPlain) {
  if (isPlain || fillsRight === false || !blob.size) return whole(blob);
  const filled = await fill(blob);
  if (filled && fillsRight) return filled;
  // Once, both ways are tried on what is really to be sent.
  const bytes = await whole(blob);
  fillsRight = filled !== null && areSame(filled, new Uint8Array(bytes));
  return bytes;
}

/** @param {Blob} blob */
async function whole(blob) {
  const bytes = await reading(() => blob.arrayBuffer());
  if (bytes.byteLength !== blob.size) throw new ReadingError("The file is shorter than it was.");
  return bytes;
}

/**
 * Return the same by a reader that fills a buffer of ours; null in a browser whose blobs have none.
 *
 * @param {Blob} blob
 */
async function fill(blob) {
  const reader = intoMemory(blob);
  if (!reader) return null;
  let buffer = memory.byteLength < blob.size ? new ArrayBuffer(blob.size) : memory;
  memory = new ArrayBuffer(0);
  for (let length = 0; length < blob.size; ) {
    // The reader takes the buffer and gives it back.
    const { value, done } = await reading(() => reader.read(new Uint8Array(buffer, length, blob.size - length)));
    if (done) throw new ReadingError("The file is shorter than it was.");
    buffer = value.buffer;
    length += value.byteLength;
  }
  memory = buffer;
  return new Uint8Array(buffer, 0, blob.size);
}

/** @param {Blob} blob */
function intoMemory(blob) {
  try {
    return blob.stream().getReader({ mode: "byob" });
  } catch {
    return null;
  }
}

/**
 * Return what `read()` gives; that it fails is the blob's fault, whatever browsers call it.
 *
 * @template Result
 * @param {() => Promise<Result>} read
 */
async function reading(read) {
  try {
    return await read();
  } catch (error) {
    throw new ReadingError(messageOf(error));
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function areSame(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
