// Starts packer.js in a Web Worker, or in the page where the browser has no workers that are modules.

/**
 * A worker, or a port to a packer in the page.
 *
 * @typedef {(Worker | MessagePort) & { terminate: () => void }} PackerPort
 */

/**
 * Return a packer that is awake. Throws where none can be started.
 *
 * @param {string} url
 * @returns {Promise<PackerPort>}
 */
export async function startPacker(url) {
  try {
    return await packerInWorker(url);
  } catch {
    return packerInPage(url);
  }
}

/**
 * @param {string} url
 * @returns {Promise<Worker>}
 */
async function packerInWorker(url) {
  const worker = new Worker(url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.addEventListener("error", reject, { once: true });
    worker.addEventListener("message", () => resolve(worker), { once: true });
  });
}

/**
 * Firefox before 114 has no workers that are modules.
 *
 * @param {string} url
 * @returns {Promise<PackerPort>}
 */
async function packerInPage(url) {
  /** @type {typeof import("./packer.js")} */
  const { Packer } = await import(url);
  const { port1, port2 } = new MessageChannel();
  new Packer(port1);
  port1.start();
  await new Promise((resolve) => {
    port2.onmessage = resolve;
  });
  return Object.assign(port2, { terminate: () => port2.close() });
}
