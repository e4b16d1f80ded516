// Handles of files, kept in this browser (IndexedDB), so that an upload goes on after a restart with one click.
// https://fs.spec.whatwg.org/ — where the browser has none, nothing is kept and nothing is missed.

const STORE = "handles";
// Some browsers never answer where they keep nothing; nobody waits for that.
const PATIENCE_MS = 3000;

/** Keep how to reach a file again: `handle` is of what was dropped, `steps` the names from there to the file. */
export function keepHandle(id, handle, steps) {
  return change((store) => store.put({ handle, steps }, id));
}

export function dropHandle(id) {
  return change((store) => store.delete(id));
}

/** The ids of uploads whose files can be reached. */
export async function keptIds() {
  return new Set(await inStore("readonly", (store) => store.getAllKeys()).catch(() => []));
}

/**
 * {file, isRefused}: the file kept for this id, after asking for permission where the browser wants that: only at a
 * click. Without a file it was refused, or has gone. What the browser calls that is not asked: what it allows is.
 */
export async function reachFile(id) {
  const { handle, steps } = await inStore("readonly", (store) => store.get(id));
  try {
    const isAllowed = ((await handle.requestPermission?.({ mode: "read" })) ?? "granted") === "granted";
    return isAllowed ? { file: await fileAt(handle, steps), isRefused: false } : { file: null, isRefused: true };
  } catch {
    const permission = await handle.queryPermission?.({ mode: "read" }).catch(() => "denied");
    return { file: null, isRefused: (permission ?? "granted") !== "granted" };
  }
}

async function fileAt(handle, steps) {
  let place = handle;
  for (const [index, name] of steps.entries()) {
    const isFile = index === steps.length - 1;
    place = await (isFile ? place.getFileHandle(name) : place.getDirectoryHandle(name));
  }
  return place.getFile();
}

async function change(act) {
  // What cannot be kept, in a private window say, is chosen again by hand.
  await inStore("readwrite", act).catch(() => {});
}

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

function promised(request) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new DOMException("The browser does not answer.", "TimeoutError")), PATIENCE_MS);
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
