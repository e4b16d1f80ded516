// A service worker that answers one address with an archive, packed while it is saved: nothing is kept in memory.
// Its length is promised beforehand, so where a file cannot be had the stream breaks off and the browser says "failed":
// an archive that looks whole and is not would be worse.

import { Fetching, FileFailed } from "./fetching.js";
import { archive, archiveLength } from "./zip.js";

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
  const told = { bytes: 0, files: 0, at: 0 };
  const tell = () => {
    if (performance.now() - told.at < TOLD_EVERY) return;
    told.at = performance.now();
    port.postMessage({ kind: "progress", bytes: told.bytes, files: told.files });
  };
  const fetching = new Fetching({ files, endpoint, receipt }, stop.signal);
  const pieces = archive(files, async function* counted(index) {
    for await (const piece of fetching.bytes(index)) {
      told.bytes += piece.length;
      tell();
      yield piece;
    }
    told.files += 1;
  });
  const body = new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (!done) return controller.enqueue(value);
        controller.close();
        port.postMessage({ kind: "done" });
      } catch (error) {
        controller.error(error);
        const missing = error instanceof FileFailed ? error.file.path : "";
        port.postMessage({ kind: stop.signal.aborted ? "cancelled" : "failed", missing });
      }
    },
    cancel() {
      // The browser's own list of downloads has a Cancel, too.
      stop.abort(new DOMException("Cancelled.", "AbortError"));
      port.postMessage({ kind: "cancelled" });
    },
  }, { highWaterMark: 0 });
  return new Response(body, {
    headers: {
      "Content-Type": "application/zip",
      "Content-Disposition": disposition,
      "Content-Length": String(archiveLength(files)),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
