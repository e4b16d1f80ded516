// Handles of files, kept in this browser (IndexedDB), so that an upload goes on after a restart with one click.
// https://fs.spec.whatwg.org/ — where the browser has none, nothing is kept and nothing is missed.

/** @typedef {{ handle: FileSystemHandle, steps: string[] }} Kept */

const STORE = "handles";
// Some browsers never answer where they keep nothing; nobody waits for that.
const TIMEOUT_MS = 3000;

/**
 * Keep how to reach a file again: `handle` is of what was dropped, `steps` the names from there to the file.
 *
 * @param {string} id
 * @param {FileSystemHandle} handle
 * @param {string[]} steps
 */
export function keepHandle(id, handle, steps) {
  return change((store) => store.put({ handle, steps }, id));
}

/** @param {string} id */
export function dropHandle(id) {
  return change((store) => store.delete(id));
}

/** Return the ids of uploads whose files can be reached. */
export async function keptIds() {
  const ids = await inStore("readonly", (store) => store.getAllKeys()).catch(() => []);
  return new Set(ids.map(String));
}

/**
 * Return the file kept for this id, after asking for permission where the browser wants that: only at a click.
 * Without a file it was refused, or has gone. What the browser calls that is not asked: what it allows is.
 *
 * @param {string} id
 * @returns {Promise<{ file: File | null, isRefused: boolean }>}
 */
export async function reachFile(id) {
  /** @type {Kept} */
  const { handle, steps } = await inStore("readonly", (store) => store.get(id));
  try {
    const isAllowed = ((await handle.requestPermission?.({ mode: "read" })) ?? "granted") === "granted";
    return isAllowed ? { file: await fileAt(handle, steps), isRefused: false } : { file: null, isRefused: true };
  } catch {
    const permission = await handle.queryPermission?.({ mode: "read" }).catch(() => "denied");
    return { file: null, isRefused: (permission ?? "granted") !== "granted" };
  }
}

/**
 * @param {FileSystemHandle} root
 * @param {string[]} steps
 */
async function fileAt(root, steps) {
  let place = root;
  for (const [index, name] of steps.entries()) {
    if (!(place instanceof FileSystemDirectoryHandle)) throw new TypeError("A file holds no files.");
    const isFile = index === steps.length - 1;
    place = await (isFile ? place.getFileHandle(name) : place.getDirectoryHandle(name));
  }
  if (!(place instanceof FileSystemFileHandle)) throw new TypeError("It is a folder by now.");
  return place.getFile();
}

/** @param {(store: IDBObjectStore) => IDBRequest} act */
async function change(act) {
  // Where nothing can be kept, as in a private window, the file is chosen again by hand.
  await inStore("readwrite", act).catch(() => {});
}

/**
 * @template Result
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} act
 */
async function inStore(mode, act) {
  const database = await open();
  try {
    return await promised(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function open() {
  const request = indexedDB.open("waybill", 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
  return promised(request);
}

/**
 * @template Result
 * @param {IDBRequest<Result>} request
 * @returns {Promise<Result>}
 */
function promised(request) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new DOMException("The browser does not answer.", "TimeoutError")), TIMEOUT_MS);
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
