// A service worker that answers one address with an archive, block by block as packer.js packs it, so that the browser
// saves it as it comes. It does nothing else: what hands bytes to the browser must not wait for what makes them.
// No module, since not every browser runs one as a service worker.

/** @typedef {{ address: string, disposition: string, port: MessagePort }} Collection */

/**
 * Messages of the packer by the port.
 *
 * @typedef {{ kind: "block", block: Uint8Array<ArrayBuffer> } | { kind: "end" | "failed" }} PackerTold
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** @type {Map<string, Collection>} */
const collections = new Map();
// The addresses of those that the browser has asked for.
/** @type {Set<string>} */
const saving = new Set();

worker.addEventListener("install", () => worker.skipWaiting());

worker.addEventListener("message", ({ data, ports: [port] }) => {
  const { kind, address, disposition } = data;
  if (kind === "begin") {
    collections.set(address, { address, disposition, port });
    port.postMessage({ kind: "ready" });
  } else {
    // The page asks now and then, which keeps the worker alive. One that was ended and began anew knows nothing.
    port?.postMessage({ isKnown: collections.has(address) || saving.has(address) });
  }
});

worker.addEventListener("fetch", (event) => {
  const collection = collections.get(event.request.url);
  if (!collection) return;
  collections.delete(event.request.url);
  saving.add(collection.address);
  event.respondWith(answer(collection));
});

/** @param {Collection} collection */
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
  // Messages that have come and are not read yet.
  /** @type {PackerTold[]} */
  #waiting = [];
  // The block that the browser has had: it goes back with the next question.
  /** @type {ArrayBuffer | null} */
  #emptied = null;
  // Called when something has come.
  /** @type {(() => void) | null} */
  #asked = null;

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
  }

  /** @param {ReadableStreamDefaultController<Uint8Array>} controller */
  start(controller) {
    this.#port.onmessage = (/** @type {MessageEvent<PackerTold>} */ { data }) => {
      // Not in its turn: the browser may never ask for it.
      if (data.kind === "failed") controller.error(new Error("The archive is not whole."));
      else this.#waiting.push(data);
      this.#asked?.();
    };
    this.#port.postMessage({ kind: "begin" });
  }

  /** @param {ReadableStreamDefaultController<Uint8Array>} controller */
  async pull(controller) {
    if (this.#emptied) this.#port.postMessage({ kind: "emptied", buffer: this.#emptied }, [this.#emptied]);
    this.#emptied = null;
    const told = await this.#next();
    if (told.kind !== "block") return controller.close();
    this.#emptied = told.block.buffer;
    controller.enqueue(told.block);
  }

  async #next() {
    for (;;) {
      const told = this.#waiting.shift();
      if (told) return told;
      await this.#coming();
    }
  }

  /** @returns {Promise<void>} */
  #coming() {
    return new Promise((resolve) => {
      this.#asked = resolve;
    });
  }

  cancel() {
    // The browser's own list of downloads has a Cancel, too.
    this.#port.postMessage({ kind: "cancel" });
  }
}
