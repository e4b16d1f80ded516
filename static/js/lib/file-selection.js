// What a drop, a picker or a paste brought: files, each with the folder it lies in, however many and deep.

import { awayInCloud, describedBy, isSystemFile, isSystemFolder, mayBeSpecial } from "./system-files.js";

const BATCH = 100;

export class FileSelection {
  /**
   * What is not among the files, known once all batches are read. As paths: `system` (of systems and programs), `empty`
   * (folders), `unreadable` (files), `closed` (folders that cannot be read), `cut` (folders of which the rest cannot be
   * read), `away` (in iCloud alone), `special` (perhaps no ordinary files); `nameless` counts what could not even be named.
   */
  left = { system: new Set(), empty: [], unreadable: [], closed: [], cut: [], away: [], special: [], nameless: 0 };
  #roots;

  constructor(roots) {
    this.#roots = roots;
  }

  /** From a picker or a paste. */
  static ofFiles(files) {
    return new FileSelection(Array.from(files, (file) => ({ file, path: folderOf(file.webkitRelativePath ?? "") })));
  }

  /** From a picker that gives handles of files. */
  static async ofHandles(handles) {
    const found = async (root) => ({ file: await root.getFile().catch(() => null), name: root.name, path: "", root });
    return new FileSelection(await Promise.all(handles.map(found)));
  }

  /** From a drop. To be called within its event: afterwards the browser has forgotten what was dropped. */
  static ofDrop(transfer) {
    const items = [...transfer.items].filter(({ kind }) => kind === "file");
    return new FileSelection(
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
   * has such, and `steps` are the names that lead from there to the file. Never throws: what cannot be read is in `left`.
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
    const places = placesIn(this.#roots);
    for (const { entry, file, name = entry?.name, path, root = null } of this.#roots) {
      if (entry?.isDirectory) yield* this.#within(entry, entry.name, root, []);
      else if (!file && name) this.left.unreadable.push(name);
      else if (!file) this.left.nameless += 1;
      else if (this.#isMeant(file, path, places)) yield { file, path, root, steps: [] };
    }
  }

  async *#within(folder, path, root, steps) {
    let holdsAny = false;
    const names = new Set();
    const descriptions = [];
    for await (const entries of this.#listings(folder, path)) {
      for (const { name } of entries) names.add(name);
      const meant = entries.filter((entry) => !this.#isSystem(entry, path));
      // What they describe may come in a later listing.
      descriptions.push(...meant.filter(({ isFile, name }) => isFile && describedBy(name)));
      const files = meant.filter(({ isFile, name }) => isFile && !describedBy(name));
      const folders = meant.filter(({ isDirectory }) => isDirectory);
      holdsAny ||= files.length + folders.length > 0;
      yield* this.#files(files, path, root, steps);
      for (const entry of folders) yield* this.#within(entry, `${path}/${entry.name}`, root, [...steps, entry.name]);
    }
    const [theirs, others] = parted(descriptions, ({ name }) => names.has(describedBy(name)));
    for (const { name } of theirs) this.left.system.add(`${path}/${name}`);
    yield* this.#files(others, path, root, steps);
    const isKnown = !this.left.closed.includes(path) && !this.left.cut.includes(path);
    if (!holdsAny && !others.length && isKnown) this.left.empty.push(path);
  }

  async *#files(entries, path, root, steps) {
    const files = await Promise.all(entries.map((entry) => this.#file(entry, path)));
    for (const file of files) {
      if (file && this.#isMeant(file, path)) yield { file, path, root, steps: [...steps, file.name] };
    }
  }

  /** The entry's file, or null where it cannot be had. */
  #file(entry, path) {
    const had = new Promise((resolve, reject) => entry.file(resolve, reject));
    return had.catch(() => {
      this.left.unreadable.push(`${path}/${entry.name}`);
      return null;
    });
  }

  /** Lists of what is in a folder; browsers hand it out by the hundred. */
  async *#listings(folder, path) {
    let isBegun = false;
    try {
      const reader = folder.createReader();
      const next = () => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      for (let entries = await next(); entries.length; entries = await next()) {
        isBegun = true;
        yield entries;
      }
    } catch {
      this.left[isBegun ? "cut" : "closed"].push(path);
    }
  }

  #isSystem({ name, isFile }, path) {
    const is = isFile ? isSystemFile(name) : isSystemFolder(name);
    if (is) this.left.system.add(`${path}/${name}`);
    return is;
  }

  /** Whether a person who chose this file, or the folder `path` that it lies in, meant to send it. `places`: see placesIn(). */
  #isMeant(file, path, places = null) {
    const away = awayInCloud(file);
    if (away) this.left.away.push(path ? `${path}/${away}` : away);
    // Chosen by itself, it is what it is.
    if (away || !path) return !away;
    const system = systemPart(file.name, path, places);
    if (system) this.left.system.add(system);
    else if (mayBeSpecial(file)) this.left.special.push(`${path}/${file.name}`);
    else return true;
    return false;
  }
}

/** The path of the file or folder by which this one is of a system, or "". Of a folder that was picked, all is known at once. */
function systemPart(name, path, places) {
  if (!places) return "";
  const [top, ...steps] = path.split("/");
  const at = steps.findIndex(isSystemFolder);
  if (at >= 0) return [top, ...steps.slice(0, at + 1)].join("/");
  const described = describedBy(name);
  return isSystemFile(name) || (described && places.has(`${path}/${described}`)) ? `${path}/${name}` : "";
}

/** The paths of these files and of all folders that they lie in. */
function placesIn(roots) {
  const places = new Set();
  for (const { file, path } of roots) {
    if (!path) continue;
    places.add(`${path}/${file.name}`);
    for (let place = path; place && !places.has(place); place = folderOf(place)) places.add(place);
  }
  return places;
}

function parted(items, test) {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function folderOf(relativePath) {
  return relativePath.split("/").slice(0, -1).join("/");
}
