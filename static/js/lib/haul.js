// What a drop, a picker or a paste brought: files, each with the folder it lies in, however many and deep.

// What systems leave behind in folders, and nobody means to send.
const JUNK = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);
const BATCH = 100;

/** `left`, once all batches are read: what is not among them. {junk: count, empty: paths, unreadable: paths} */
export class Haul {
  left = { junk: 0, empty: [], unreadable: [] };
  #roots;

  constructor(roots) {
    this.#roots = roots;
  }

  /** From a picker or a paste. */
  static ofFiles(files) {
    return new Haul(Array.from(files, (file) => ({ file, path: folderOf(file.webkitRelativePath ?? "") })));
  }

  /** From a picker that gives handles of files. */
  static async ofHandles(handles) {
    const found = async (root) => ({ file: await root.getFile().catch(() => null), name: root.name, path: "", root });
    return new Haul(await Promise.all(handles.map(found)));
  }

  /** From a drop. To be called within its event: afterwards the browser has forgotten what was dropped. */
  static ofDrop(transfer) {
    const items = [...transfer.items].filter(({ kind }) => kind === "file");
    return new Haul(
      items.map((item) => ({
        entry: item.webkitGetAsEntry?.(),
        file: item.getAsFile(),
        path: "",
        root: item.getAsFileSystemHandle?.().catch(() => null) ?? null,
      })),
    );
  }

  /**
   * Lists of up to a hundred {file, path, root, steps}. `root` promises a handle of what was dropped, where the browser
   * has such, and `steps` are the names that lead from there to the file.
   */
  async *batches() {
    let batch = [];
    for await (const find of this.#finds()) {
      if (batch.push(find) < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length) yield batch;
  }

  async *#finds() {
    for (const { entry, file, name, path, root = null } of this.#roots) {
      if (entry?.isDirectory) yield* this.#within(entry, entry.name, root, []);
      else if (path && JUNK.has(file.name)) this.left.junk += 1;
      else if (file) yield { file, path, root, steps: [] };
      else if (name) this.left.unreadable.push(name);
    }
  }

  async *#within(folder, path, root, steps) {
    let isEmpty = true;
    for await (const entries of listings(folder)) {
      isEmpty = false;
      const files = await Promise.all(entries.filter(({ isFile }) => isFile).map((entry) => this.#file(entry, path)));
      for (const file of files) if (file) yield { file, path, root, steps: [...steps, file.name] };
      for (const entry of entries.filter(({ isDirectory }) => isDirectory)) {
        yield* this.#within(entry, `${path}/${entry.name}`, root, [...steps, entry.name]);
      }
    }
    if (isEmpty) this.left.empty.push(path);
  }

  /** The entry's file, or null where it is none to send. */
  async #file(entry, path) {
    if (JUNK.has(entry.name)) {
      this.left.junk += 1;
      return null;
    }
    return new Promise((resolve) => {
      const refuse = () => resolve(void this.left.unreadable.push(`${path}/${entry.name}`));
      entry.file(resolve, refuse);
    });
  }
}

/** What is in a folder; browsers hand it out by the hundred. */
async function* listings(folder) {
  const reader = folder.createReader();
  const next = () => new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
  for (let entries = await next(); entries.length; entries = await next()) yield entries;
}

function folderOf(relativePath) {
  return relativePath.split("/").slice(0, -1).join("/");
}
