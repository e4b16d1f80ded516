// Runs in a Web Worker, or in the page where the browser has no workers that are modules: packs an archive and sends it to saver.js, the service worker, by a port; tells the page how far
// it is. What is missing is left out and told of. Where a file breaks off the archive does, too, and the browser says
// "failed": one that looks whole and is not would be worse.

import { Blocks } from "./blocks.js";
import { Fetching, FileFailed, LinkClosed } from "./fetching.js";
import { Packing } from "./packing.js";
import { archive } from "./zip.js";

const TOLD_EVERY = 250; // milliseconds

/** Packs one archive for whoever listens at `page`: a worker's own scope, or a port. Says there that it is awake. */
export class Packer {
  #page;
  #stop = new AbortController();

  constructor(page) {
    this.#page = page;
    page.addEventListener("message", ({ data, ports: [port] }) => {
      if (data.kind === "cancel") this.#cancel();
      else this.#connect(port, data);
    });
    page.postMessage({ kind: "awake" });
  }

  #connect(port, collection) {
    const { signal } = this.#stop;
    const blocks = new Blocks(port, signal);
    const asked = new Promise((resolve, reject) => {
      port.onmessage = ({ data }) => {
        if (data.kind === "emptied") blocks.take(data.buffer);
        else if (data.kind === "ready") this.#page.postMessage({ kind: "ready" });
        else if (data.kind === "begin") {
          this.#page.postMessage({ kind: "asked" });
          resolve();
        } else this.#cancel();
      };
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    this.#pack(collection, blocks, port, asked);
  }

  /** Once the browser has asked for it. What is cancelled before is said to have failed, too: the browser may ask yet. */
  async #pack(collection, blocks, port, asked) {
    const packing = new Packing(collection, new Fetching(collection, this.#stop.signal));
    try {
      await asked;
      await this.#write(packing, blocks);
      this.#page.postMessage({ kind: "done", missing: packing.missing });
    } catch (error) {
      port.postMessage({ kind: "failed" });
      this.#page.postMessage(this.#ending(error));
    }
  }

  async #write(packing, blocks) {
    let toldAt = 0;
    for await (const piece of archive(packing.entries())) {
      await blocks.write(piece);
      if (performance.now() - toldAt < TOLD_EVERY) continue;
      toldAt = performance.now();
      this.#page.postMessage({ kind: "progress", bytes: packing.bytes, files: packing.files });
    }
    await blocks.end();
  }

  #ending(error) {
    if (this.#stop.signal.aborted) return { kind: "cancelled" };
    if (error instanceof LinkClosed) return { kind: "closed" };
    return { kind: "failed", broken: error instanceof FileFailed ? error.file.path : "" };
  }

  #cancel() {
    this.#stop.abort(new DOMException("Cancelled.", "AbortError"));
  }
}

if (!globalThis.document) new Packer(globalThis);
