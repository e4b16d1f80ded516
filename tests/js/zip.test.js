import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { crc32 } from "../../static/js/archive/crc32.js";
import { archive } from "../../static/js/archive/zip.js";

const GIB = 1024 ** 3;
const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** @param {string} path @param {Uint8Array[]} pieces */
const fileOf = (path, ...pieces) => ({
  path,
  size: pieces.reduce((sum, piece) => sum + piece.length, 0),
  modified: "2026-11-27T18:00:00Z",
  pieces,
});

/** @param {import("../../static/js/archive/zip.js").ZipFile[]} files */
async function packed(files) {
  const pieces = [];
  for await (const piece of archive(files)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/**
 * The files of an archive, read by its central directory as PKWARE's APPNOTE.TXT says.
 *
 * @param {Buffer} zip
 */
function unpacked(zip) {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const files = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left; left -= 1) {
    const [method, crc, size, whole] = [10, 16, 20, 24].map((field) =>
      field === 10 ? zip.readUInt16LE(at + field) : zip.readUInt32LE(at + field),
    );
    const [name, extra] = [28, 30].map((field) => zip.readUInt16LE(at + field));
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const body = zip.subarray(start, start + size);
    const bytes = method ? inflateRawSync(body) : body;
    assert.equal(bytes.length, whole);
    assert.equal(crc32(bytes), crc);
    files.push({ path: zip.toString("utf8", at + 46, at + 46 + name), method, text: bytes.toString() });
    at += 46 + name + extra;
  }
  assert.equal(at, end);
  return files;
}

test("files come out as they went in: whole ones stored, those in pieces as blocks of DEFLATE", async () => {
  const large = "x".repeat(70_000);
  const files = [
    fileOf("few.txt", bytesOf("hello")),
    fileOf("folder/ü.txt", bytesOf("in "), bytesOf("pieces")),
    fileOf("large.txt", bytesOf(large), bytesOf("end")),
    fileOf("empty.txt"),
  ];
  assert.deepEqual(unpacked(await packed(files)), [
    { path: "few.txt", method: 0, text: "hello" },
    { path: "folder/ü.txt", method: 8, text: "in pieces" },
    { path: "large.txt", method: 8, text: `${large}end` },
    { path: "empty.txt", method: 0, text: "" },
  ]);
});

test("an archive of nothing is one, too", async () => {
  assert.deepEqual(unpacked(await packed([])), []);
});

test("pieces may come later", async () => {
  async function* later() {
    yield bytesOf("late");
    yield bytesOf("r");
  }
  const files = [{ ...fileOf("later.txt"), size: 5, pieces: later() }];
  assert.deepEqual(unpacked(await packed(files)), [{ path: "later.txt", method: 8, text: "later" }]);
});

test("what needs more than 32 bits has a Zip64 record", async () => {
  // Its bytes do not come: what is asked about is what stands behind them.
  const tail = [];
  for await (const part of archive([{ ...fileOf("big.bin"), size: 5 * GIB }])) tail.push(part);
  const end = Buffer.concat(tail.slice(-3));
  assert.ok(end.includes("PK\x06\x06") && end.includes("PK\x06\x07"));
});

test("dates before 1980 do not break the archive", async () => {
  const files = [{ ...fileOf("old.txt", bytesOf("x")), modified: "1970-01-01T00:00:00Z" }];
  assert.equal(unpacked(await packed(files))[0].text, "x");
});

test("a checksum goes on from pieces that begin anywhere in memory", () => {
  assert.equal(crc32(bytesOf("123456789")), 0xcbf43926);
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index * 7);
  const whole = crc32(bytes);
  for (const cut of [1, 2, 3, 5, 8, 501, 999]) {
    assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), whole, `cut at ${cut}`);
  }
  // Byte by byte: pieces that are shorter than the way to the next multiple of four.
  assert.equal(
    bytes.reduce((crc, _, at) => crc32(bytes.subarray(at, at + 1), crc), 0),
    whole,
  );
});
