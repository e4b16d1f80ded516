/**
 * Return the service worker of this script, once it is active for the addresses below `scope`. Throws where none can be.
 *
 * @param {string} script
 * @param {string} scope
 * @returns {Promise<ServiceWorker>}
 */
export async function startSaver(script, scope) {
  const registration = await navigator.serviceWorker.register(script, { scope, updateViaCache: "none" });
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (!worker) throw new Error("The service worker is gone.");
  if (worker.state === "activated") return worker;
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve(worker);
      if (worker.state === "redundant") reject();
    });
  });
}
