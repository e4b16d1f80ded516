// Parts of a file, and what is there of one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FileSource } from "../../static/js/uploads/source.js";
import { storedBytes, Unfinished } from "../../static/js/uploads/unfinished.js";

/** @typedef {import("../../static/js/uploads/records.js").Records} Records */

const fileOf = (/** @type {string} */ text, name = "a.txt", options = {}) => new File([text], name, options);

test("parts are counted from one, and the last may be shorter", async () => {
  const source = new FileSource(fileOf("abcdefgh"));
  const parts = await Promise.all([1, 2, 3].map((number) => source.part(number, 3).text()));
  assert.deepEqual(parts, ["abc", "def", "gh"]);
});

test("a part has no type, which would become a header that nobody signed", () => {
  assert.equal(new FileSource(fileOf("abc", "a.txt", { type: "text/plain" })).part(1, 3).type, "");
});

test("a type that is none is left to the API", () => {
  const types = ["text/plain;charset=utf-8", "no type", ""].map(
    (type) => new FileSource(fileOf("", "a", { type })).type,
  );
  assert.deepEqual(types, ["text/plain", "", ""]);
});

test("a digest that fails is tried once more, and is the file's fault only where that fails to be read", async () => {
  let tries = 0;
  const hasher = {
    read: async () => {
      tries += 1;
      throw new Error("no worker");
    },
  };
  const broken = /** @type {import("../../static/js/uploads/hasher.js").Hasher} */ (/** @type {unknown} */ (hasher));
  await assert.rejects(new FileSource(fileOf("abc")).digest(broken), /no worker/);
  assert.equal(tries, 1);
});

test("what a bucket has of an upload is counted by its parts", () => {
  const sizes = { size: 25, part_size: 10, part_count: 3, stored_parts: [1, 3] };
  const record = /** @type {schema.UploadOut} */ (sizes);
  assert.equal(storedBytes(record), 15);
  assert.equal(storedBytes({ ...record, stored_parts: [] }), 0);
});

/**
 * The unfinished uploads of these records, as the API lists them.
 *
 * @param {ReturnType<typeof recordOf>[]} records
 */
async function unfinishedOf(...records) {
  const api = /** @type {Records} */ (/** @type {unknown} */ ({ unfinished: async () => records }));
  const unfinished = new Unfinished(api);
  await unfinished.load(
    async () => {},
    () => false,
  );
  return unfinished;
}

const recordOf = (
  /** @type {string} */ id,
  { name = "film.mov", path = "", size = 4, checksum = "sha256", method = "parts", ...file } = {},
) => ({
  id,
  size,
  checksum,
  method,
  is_sent_elsewhere: false,
  stored_parts: [],
  file: { name, path, size, modified_at: null, ...file },
});

test("a file goes on with the upload of its name, folder and size", async () => {
  const unfinished = await unfinishedOf(recordOf("1", { path: "a" }), recordOf("2", { path: "b" }));
  assert.equal(unfinished.match(new FileSource(fileOf("1234", "film.mov"), "b"))?.record.id, "2");
  assert.deepEqual(
    unfinished.items.map(({ record }) => record.id),
    ["1"],
  );
});

test("a file picked alone goes on only where there is no doubt", async () => {
  const one = await unfinishedOf(recordOf("1", { path: "a" }));
  assert.equal(one.match(new FileSource(fileOf("1234", "film.mov")))?.record.id, "1");
  const two = await unfinishedOf(recordOf("1", { path: "a" }), recordOf("2", { path: "b" }));
  assert.equal(two.match(new FileSource(fileOf("1234", "film.mov"))), null);
});

test("a small file that has grown and is picked alone takes the place of the one begun before", async () => {
  const small = { name: "notes.txt", method: "form", path: "work", modified_at: "2026-01-01T00:00:00Z" };
  const [before, after] = [Date.UTC(2026, 0, 1) + 999, Date.UTC(2026, 0, 2)];
  const grown = (/** @type {number} */ lastModified) => new FileSource(fileOf("12345", "notes.txt", { lastModified }));
  const one = await unfinishedOf(recordOf("1", small));
  assert.equal(one.match(grown(before)), null, "one that is no newer may be another file");
  assert.equal(one.match(grown(after))?.record.id, "1");
  const large = await unfinishedOf(recordOf("1", { ...small, method: "parts" }));
  assert.equal(large.match(grown(after)), null, "what has arrived of a large one is not dropped");
  const two = await unfinishedOf(recordOf("1", small), recordOf("2", { ...small, path: "home" }));
  assert.equal(two.match(grown(after)), null, "of two nobody knows which");
  const { modified_at: _, ...dateless } = small;
  const undated = await unfinishedOf(recordOf("1", dateless));
  assert.equal(undated.match(grown(after)), null, "without a date nothing tells");
});

test("a file of another size, or without digests of another date, is refused in words", async () => {
  const dated = { checksum: "none", modified_at: "2026-01-01T00:00:00Z" };
  const unfinished = await unfinishedOf(recordOf("1"), recordOf("2", dated));
  const [first, second] = unfinished.items;
  const source = new FileSource(fileOf("1234", "film.mov", { lastModified: Date.UTC(2026, 0, 1) + 999 }));
  assert.equal(
    unfinished.objection(first, new FileSource(fileOf("12345", "film.mov"))),
    "That file has a different size.",
  );
  assert.equal(unfinished.objection(second, source), "");
  const later = new FileSource(fileOf("1234", "film.mov", { lastModified: Date.UTC(2026, 0, 2) }));
  assert.equal(unfinished.objection(second, later), "That file has a different date.");
});
