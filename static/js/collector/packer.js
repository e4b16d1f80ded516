// Runs in a Web Worker: packs an archive and sends it to saver.js, the service worker, by a port; tells the page how far
// it is. What is missing is left out and told of. Where a file breaks off the archive does, too, and the browser says
// "failed": one that looks whole and is not would be worse.

import { Blocks } from "./blocks.js";
import { FileFailed, Fetching, LinkClosed } from "./fetching.js";
import { Packing } from "./packing.js";
import { archive } from "./zip.js";

const TOLD_EVERY = 250; // milliseconds
const stop = new AbortController();

addEventListener("message", ({ data, ports: [port] }) => {
  if (data.kind === "cancel") cancel();
  else connect(port, data);
});
postMessage({ kind: "awake" });

function connect(port, collection) {
  const blocks = new Blocks(port, stop.signal);
  const asked = new Promise((resolve, reject) => {
    port.onmessage = ({ data }) => {
      if (data.kind === "emptied") blocks.take(data.buffer);
      else if (data.kind === "ready") postMessage({ kind: "ready" });
      else if (data.kind === "begin") {
        postMessage({ kind: "asked" });
        resolve();
      }
      else cancel();
    };
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
  });
  pack(collection, blocks, port, asked);
}

/** Once the browser has asked for it. What is cancelled before is said to have failed, too: the browser may ask yet. */
async function pack(collection, blocks, port, asked) {
  const packing = new Packing(collection, new Fetching(collection, stop.signal));
  try {
    await asked;
    await write(packing, blocks);
    postMessage({ kind: "done", missing: packing.missing });
  } catch (error) {
    port.postMessage({ kind: "failed" });
    if (stop.signal.aborted) postMessage({ kind: "cancelled" });
    else if (error instanceof LinkClosed) postMessage({ kind: "closed" });
    else postMessage({ kind: "failed", broken: error instanceof FileFailed ? error.file.path : "" });
  }
}

async function write(packing, blocks) {
  let toldAt = 0;
  for await (const piece of archive(packing.entries())) {
    await blocks.write(piece);
    if (performance.now() - toldAt < TOLD_EVERY) continue;
    toldAt = performance.now();
    postMessage({ kind: "progress", bytes: packing.bytes, files: packing.files });
  }
  await blocks.end();
}

function cancel() {
  stop.abort(new DOMException("Cancelled.", "AbortError"));
}
