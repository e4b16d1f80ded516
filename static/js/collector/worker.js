// A service worker that answers one address with an archive, packed while it is saved: nothing is kept in memory.
// What is missing is left out and told of. Where a file breaks off the stream does, too, and the browser says "failed":
// an archive that looks whole and is not would be worse.

import { FileFailed, Fetching, LinkClosed } from "./fetching.js";
import { Packing } from "./packing.js";
import { archive } from "./zip.js";

const TOLD_EVERY = 250; // milliseconds
const collections = new Map();

addEventListener("install", () => skipWaiting());

addEventListener("message", (event) => {
  const [port] = event.ports;
  if (event.data.kind !== "begin") return; // the page says now and then that it waits, which keeps the worker alive
  const stop = new AbortController();
  collections.set(event.data.address, { ...event.data, port, stop });
  port.onmessage = () => stop.abort(new DOMException("Cancelled.", "AbortError"));
  port.postMessage({ kind: "ready" });
});

addEventListener("fetch", (event) => {
  const collection = collections.get(event.request.url);
  if (!collection) return;
  collections.delete(event.request.url);
  event.respondWith(answer(collection));
});

function answer({ files, endpoint, receipt, disposition, port, stop }) {
  const packing = new Packing(files, new Fetching({ files, endpoint, receipt }, stop.signal));
  const pieces = archive(packing.entries());
  let toldAt = 0;
  const tell = () => {
    if (performance.now() - toldAt < TOLD_EVERY) return;
    toldAt = performance.now();
    port.postMessage({ kind: "progress", bytes: packing.bytes, files: packing.files });
  };
  const body = new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        tell();
        if (!done) return controller.enqueue(value);
        controller.close();
        port.postMessage({ kind: "done", missing: packing.missing });
      } catch (error) {
        controller.error(error);
        if (stop.signal.aborted) port.postMessage({ kind: "cancelled" });
        else if (error instanceof LinkClosed) port.postMessage({ kind: "closed" });
        else port.postMessage({ kind: "failed", broken: error instanceof FileFailed ? error.file.path : "" });
      }
    },
    cancel() {
      // The browser's own list of downloads has a Cancel, too.
      stop.abort(new DOMException("Cancelled.", "AbortError"));
      port.postMessage({ kind: "cancelled" });
    },
  }, { highWaterMark: 0 }); // a piece is good until the next is asked for
  return new Response(body, {
    headers: {
      "Content-Type": "application/zip",
      "Content-Disposition": disposition,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
