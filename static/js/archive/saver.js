// A service worker that answers one address with an archive, block by block as packer.js packs it, so that the browser
// saves it as it comes. It does nothing else: what hands bytes to the browser must not wait for what makes them.
// No module, since not every browser runs one as a service worker.

const collections = new Map();
const saving = new Set(); // addresses

addEventListener("install", () => skipWaiting());

addEventListener("message", (event) => {
  const [port] = event.ports;
  const { kind, address } = event.data;
  if (kind === "begin") {
    collections.set(address, { ...event.data, port });
    port.postMessage({ kind: "ready" });
  } else {
    // The page asks now and then, which keeps the worker alive. One that was ended and began anew knows nothing.
    port?.postMessage({ isKnown: collections.has(address) || saving.has(address) });
  }
});

addEventListener("fetch", (event) => {
  const collection = collections.get(event.request.url);
  if (!collection) return;
  collections.delete(event.request.url);
  saving.add(collection.address);
  event.respondWith(answer(collection));
});

function answer({ port, disposition }) {
  return new Response(new ReadableStream(new BlockSource(port), { highWaterMark: 0 }), {
    headers: {
      "Content-Type": "application/zip",
      "Content-Disposition": disposition,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

/** The source of a stream: blocks that come through a port, each given back as soon as the next is asked for. */
class BlockSource {
  #port;
  #waiting = [];
  #emptied = null;
  #asked = null;

  constructor(port) {
    this.#port = port;
  }

  start(controller) {
    this.#port.onmessage = ({ data }) => {
      // Not in its turn: the browser may never ask for it.
      if (data.kind === "failed") controller.error(new Error("The archive is not whole."));
      else this.#waiting.push(data);
      this.#asked?.();
    };
    this.#port.postMessage({ kind: "begin" });
  }

  async pull(controller) {
    if (this.#emptied) this.#port.postMessage({ kind: "emptied", buffer: this.#emptied }, [this.#emptied]);
    this.#emptied = null;
    while (!this.#waiting.length)
      await new Promise((resolve) => {
        this.#asked = resolve;
      });
    const { kind, block } = this.#waiting.shift();
    if (kind === "end") return controller.close();
    this.#emptied = block.buffer;
    controller.enqueue(block);
  }

  cancel() {
    // The browser's own list of downloads has a Cancel, too.
    this.#port.postMessage({ kind: "cancel" });
  }
}
