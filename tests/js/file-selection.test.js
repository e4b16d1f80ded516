import assert from "node:assert/strict";
import { test } from "node:test";
import { FileSelection } from "../../static/js/lib/file-selection.js";

/** @typedef {ReturnType<typeof fileEntry> | ReturnType<typeof folderEntry>} Entry */

/** @param {string} name */
const fileEntry = (name, text = "x") => ({
  name,
  isFile: true,
  isDirectory: false,
  /** @param {(file: File) => void} resolve @param {(error: Error) => void} _reject */
  file: (resolve, _reject) => resolve(new File([text], name)),
});

/**
 * A dropped folder, which a browser hands out in listings.
 *
 * @param {string} name
 * @param {(object[] | Error)[]} listings
 */
const folderEntry = (name, ...listings) => ({
  name,
  isFile: false,
  isDirectory: true,
  createReader: () => {
    const left = [...listings];
    return {
      /** @param {(entries: object[]) => void} resolve @param {(error: Error) => void} reject */
      readEntries: (resolve, reject) => {
        const next = left.shift() ?? [];
        if (next instanceof Error) reject(next);
        else resolve(next);
      },
    };
  },
});

/** @param {{ file: File, path: string }} find */
const pathOf = ({ file, path }) => `${path}/${file.name}`;

/**
 * Select a dropped folder. Return the paths that are sent, held and left out.
 *
 * @param {Entry[]} entries
 */
async function read(...entries) {
  const dropped = /** @type {FileSystemEntry[]} */ (/** @type {unknown} */ (entries));
  const selection = new FileSelection(dropped.map((entry) => ({ entry, file: null, path: "" })));
  const sent = [];
  for await (const batch of selection.batches()) sent.push(batch.map(pathOf));
  return { batches: sent, sent: sent.flat(), held: selection.held.map(pathOf), left: selection.left };
}

test("a folder's files come with the folders they lie in", async () => {
  const { sent, left } = await read(folderEntry("top", [fileEntry("a.txt"), folderEntry("sub", [fileEntry("b.txt")])]));
  assert.deepEqual(sent, ["top/a.txt", "top/sub/b.txt"]);
  assert.deepEqual(left.empty, []);
});

test("files come a hundred at a time", async () => {
  const listings = [1, 2, 3].map((part) => Array.from({ length: 90 }, (_, n) => fileEntry(`${part}-${n}.txt`)));
  const { batches } = await read(folderEntry("top", ...listings));
  assert.deepEqual(
    batches.map(({ length }) => length),
    [100, 100, 70],
  );
});

test("what systems leave in folders is not sent", async () => {
  const { sent, left } = await read(
    folderEntry("top", [fileEntry(".DS_Store"), fileEntry("~$report.docx"), fileEntry("._a.txt"), fileEntry("a.txt")]),
  );
  assert.deepEqual(sent, ["top/a.txt"]);
  assert.deepEqual(left.system, new Set(["top/.DS_Store", "top/~$report.docx", "top/._a.txt"]));
});

test("a file that only looks like a description is sent", async () => {
  const { sent } = await read(folderEntry("top", [fileEntry("._alone.txt")]));
  assert.deepEqual(sent, ["top/._alone.txt"]);
});

test("what cannot be read is told, and keeps nothing else from being sent", async () => {
  const locked = {
    ...fileEntry("locked.txt"),
    file: (/** @type {unknown} */ _, /** @type {(error: Error) => void} */ reject) => reject(new Error("no")),
  };
  const { sent, left } = await read(
    folderEntry("top", [locked, fileEntry("a.txt")], new Error("gone")),
    folderEntry("closed", new Error("no")),
    folderEntry("empty"),
  );
  assert.deepEqual(sent, ["top/a.txt"]);
  assert.deepEqual([left.unreadable, left.cut], [["top/locked.txt"], ["top"]]);
  assert.deepEqual([left.closed, left.empty], [["closed"], ["empty"]]);
});

test("placeholders of iCloud are left out of a folder", async () => {
  const { sent, left } = await read(folderEntry("top", [fileEntry(".film.mov.icloud")]));
  assert.deepEqual([sent, left.away], [[], ["top/film.mov"]]);
});

test("files of a folder without a byte are held, except those that are empty on purpose", async () => {
  const names = ["a.txt", "data.txt", "pipe", "app.sock", "__init__.py", ".gitkeep"];
  const inner = folderEntry("inner", [fileEntry("b.txt"), fileEntry("trace.json", "")]);
  const files = names.map((name) => fileEntry(name, name === "a.txt" ? "x" : ""));
  const { sent, held } = await read(folderEntry("top", [...files, inner]));
  assert.deepEqual(sent, ["top/a.txt", "top/__init__.py", "top/.gitkeep", "top/inner/b.txt"]);
  assert.deepEqual(held, ["top/data.txt", "top/pipe", "top/app.sock", "top/inner/trace.json"]);
});

test("a file that was chosen by itself is what it is", async () => {
  const selection = new FileSelection(
    [new File([""], "pipe"), new File(["x"], ".DS_Store")].map((file) => ({ file, path: "" })),
    { mayBeEmpty: true },
  );
  const names = [];
  for await (const batch of selection.batches()) names.push(...batch.map(({ file }) => file.name));
  assert.deepEqual(names, ["pipe", ".DS_Store"]);
});

test("one without a byte that was chosen by itself waits for a word, whatever it is called", async () => {
  const selection = FileSelection.ofFiles([new File([""], "pipe"), new File([""], "data.txt"), new File(["x"], "a")]);
  const names = [];
  for await (const batch of selection.batches()) names.push(...batch.map(({ file }) => file.name));
  assert.deepEqual(names, ["a"]);
  assert.deepEqual(
    selection.held.map(({ file }) => file.name),
    ["pipe", "data.txt"],
  );
});

test("what has no name is counted", async () => {
  const selection = new FileSelection([{ entry: null, file: null, path: "" }]);
  for await (const _ of selection.batches()) assert.fail("nothing can be sent");
  assert.equal(selection.left.nameless, 1);
});
