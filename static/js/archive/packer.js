// Packs an archive in a Web Worker, or in the page where the browser has no workers that are modules, and sends it to
// saver.js, the service worker, by a port; tells the page how far it is. What is missing is left out and told of. Where
// a file breaks off the archive does, too, and the browser says "failed": one that looks whole and is not would be
// worse.

import { Blocks } from "./blocks.js";
import { FileFailed, LinkClosed } from "./errors.js";
import { Fetching } from "./fetching.js";
import { Packing } from "./packing.js";
import { archive } from "./zip.js";

/**
 * A file of the link: `path` is that in the archive, `size` in bytes, `modified` a date in ISO 8601.
 *
 * @typedef {{ id: string, path: string, size: number, modified: string, etag: string }} ArchiveFile
 */

/**
 * The files to pack; `list` is the path of a list of what is missing, `title` its first line, `endpoint` and `receipt` are for URLs.
 *
 * @typedef {{ kind: "pack", files: ArchiveFile[], list: string, title: string, endpoint: string, receipt: string }} Collection
 */

/**
 * The outcome for the page; `missing` are paths, `broken` is that of the file that broke off, or "".
 *
 * @typedef {{ kind: "awake" | "ready" | "asked" | "cancelled" | "closed" }
 *   | { kind: "progress", bytes: number, files: number }
 *   | { kind: "done", missing: string[] }
 *   | { kind: "failed", broken: string }} Told
 */

/**
 * Messages of the service worker by the port.
 *
 * @typedef {{ kind: "ready" | "begin" | "cancel" } | { kind: "emptied", buffer: ArrayBuffer }} SaverTold
 */

/**
 * A listener: a worker's own scope, or a port.
 *
 * @typedef {{
 *   postMessage: (told: Told) => void,
 *   addEventListener: (type: "message", listener: (event: MessageEvent) => void) => void,
 * }} Page
 */

const TOLD_EVERY = 250; // milliseconds

/** Packs one archive for whoever listens at `page`. Says there that it is awake. */
export class Packer {
  #page;
  #stop = new AbortController();

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    page.addEventListener("message", ({ data, ports: [port] }) => {
      if (data.kind === "cancel") this.#cancel();
      else this.#connect(port, data);
    });
    page.postMessage({ kind: "awake" });
  }

  /**
   * @param {MessagePort} port
   * @param {Collection} collection
   */
  #connect(port, collection) {
    const { signal } = this.#stop;
    const blocks = new Blocks(port, signal);
    /** @type {Promise<void>} */
    const asked = new Promise((resolve, reject) => {
      port.onmessage = (/** @type {MessageEvent<SaverTold>} */ { data }) => {
        if (data.kind === "emptied") blocks.take(data.buffer);
        else if (data.kind === "ready") this.#tell({ kind: "ready" });
        else if (data.kind === "begin") {
          this.#tell({ kind: "asked" });
          resolve();
        } else this.#cancel();
      };
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    this.#pack(collection, blocks, port, asked);
  }

  /**
   * Pack, once the browser has asked for it. What is cancelled before is said to have failed, too: the browser may ask
   * yet.
   *
   * @param {Collection} collection
   * @param {Blocks} blocks
   * @param {MessagePort} port
   * @param {Promise<void>} asked
   */
  async #pack(collection, blocks, port, asked) {
    const packing = new Packing(collection, new Fetching(collection, this.#stop.signal));
    try {
      await asked;
      await this.#write(packing, blocks);
      this.#tell({ kind: "done", missing: packing.missing });
    } catch (error) {
      port.postMessage({ kind: "failed" });
      this.#tell(this.#ending(error));
    }
  }

  /**
   * @param {Packing} packing
   * @param {Blocks} blocks
   */
  async #write(packing, blocks) {
    let toldAt = 0;
    for await (const piece of archive(packing.entries())) {
      await blocks.write(piece);
      if (performance.now() - toldAt < TOLD_EVERY) continue;
      toldAt = performance.now();
      this.#tell({ kind: "progress", bytes: packing.bytes, files: packing.files });
    }
    await blocks.end();
  }

  /** @param {Told} told */
  #tell(told) {
    this.#page.postMessage(told);
  }

  /**
   * @param {unknown} error
   * @returns {Told}
   */
  #ending(error) {
    if (this.#stop.signal.aborted) return { kind: "cancelled" };
    if (error instanceof LinkClosed) return { kind: "closed" };
    return { kind: "failed", broken: error instanceof FileFailed ? error.file.path : "" };
  }

  #cancel() {
    this.#stop.abort(new DOMException("Cancelled.", "AbortError"));
  }
}

if (!("document" in globalThis)) new Packer(globalThis);
