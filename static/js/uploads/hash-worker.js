// Runs in a Web Worker: answers {id, blob} with {id, digest}, the SHA-256 in base64, or with {id, error}.
// One blob at a time, so that one part at most is in memory.

let turn = Promise.resolve();

addEventListener("message", ({ data: { id, blob } }) => {
  turn = turn.then(() => answer(id, blob));
});

async function answer(id, blob) {
  try {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    postMessage({ id, digest: btoa(String.fromCharCode(...digest)) });
  } catch (error) {
    postMessage({ id, error: { name: error.name, message: error.message } });
  }
}
