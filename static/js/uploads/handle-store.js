// Keeps, in this browser, how to reach the files that are on their way: see ../lib/handles.js.

import { dropHandle, keepHandle, keptIds } from "../lib/handles.js";

export class HandleStore {
  #ids = new Map();

  /** Sources of the queue's uploads may have `reach`: {root: the promise of a handle or of null, steps}. */
  constructor(queue) {
    queue.addEventListener("change", ({ detail }) => this.#note(detail));
  }

  /** Forget the files of uploads other than `unfinished`, and give the ids of those that can be reached. */
  async keepOnly(unfinished) {
    const kept = await keptIds();
    for (const id of kept) if (!unfinished.has(id)) dropHandle(id);
    return new Set([...kept].filter((id) => unfinished.has(id)));
  }

  forget(id) {
    return dropHandle(id);
  }

  #note(upload) {
    const { source, record, state } = upload;
    if (!source.reach) return;
    if (state === "ready" || state === "cancelled") this.#drop(upload);
    else if (record && this.#ids.get(upload) !== record.id) this.#keep(upload);
  }

  async #keep(upload) {
    const { id } = upload.record;
    this.#ids.set(upload, id);
    const { root, steps } = upload.source.reach;
    const handle = await root;
    // It may have arrived meanwhile.
    if (handle && this.#ids.get(upload) === id) await keepHandle(id, handle, steps);
  }

  #drop(upload) {
    if (!this.#ids.has(upload)) return;
    dropHandle(this.#ids.get(upload));
    this.#ids.delete(upload);
  }
}
