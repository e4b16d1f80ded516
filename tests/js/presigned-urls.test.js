import assert from "node:assert/strict";
import { test } from "node:test";
import { FileMissing, LinkClosed } from "../../static/js/archive/errors.js";
import { PresignedUrls } from "../../static/js/archive/presigned-urls.js";

const MIB = 1024 * 1024;

/** @param {number} number @param {number} size */
const filesOf = (number, size) =>
  Array.from({ length: number }, (_, at) => ({ id: `f${at}`, size, path: "", etag: "", modified: "" }));

/** @param {string[]} ids */
const allOf = (ids) => Response.json({ urls: Object.fromEntries(ids.map((id) => [id, `/${id}`])) });

/**
 * The URLs of these files, and the ids that the site was asked for.
 *
 * @param {ReturnType<typeof filesOf>} files
 */
function urlsOf(files, answer = allOf) {
  /** @type {string[][]} */
  const asked = [];
  const ask = async (/** @type {string} */ _, /** @type {RequestInit} */ options) => {
    const body = /** @type {FormData} */ (options.body);
    assert.equal(body.get("receipt"), "receipt");
    const ids = body.getAll("file").map(String);
    asked.push(ids);
    return { answer: answer(ids), stop: new AbortController() };
  };
  return { urls: new PresignedUrls({ files, endpoint: "/urls/", receipt: "receipt" }, ask), asked };
}

test("a hundred small files are asked for together", async () => {
  const { urls, asked } = urlsOf(filesOf(150, 1));
  assert.equal(await urls.at(0), "/f0");
  assert.equal(await urls.at(99), "/f99");
  assert.equal(await urls.at(100), "/f100");
  assert.deepEqual(
    asked.map(({ length }) => length),
    [100, 50],
  );
});

test("of large files, as many as come before the URLs expire", async () => {
  const { urls, asked } = urlsOf(filesOf(5, 30 * MIB));
  await urls.at(0);
  assert.deepEqual(asked, [["f0", "f1"]]);
});

test("one that is larger than a batch is asked for alone", async () => {
  const { urls, asked } = urlsOf(filesOf(2, 1024 * MIB));
  assert.equal(await urls.at(0), "/f0");
  assert.deepEqual(asked, [["f0"]]);
});

test("who asks at the same time shares one request", async () => {
  const { urls, asked } = urlsOf(filesOf(3, 1));
  assert.deepEqual(await Promise.all([urls.at(0), urls.at(1), urls.at(2)]), ["/f0", "/f1", "/f2"]);
  assert.equal(asked.length, 1);
});

test("who is not in the request that is under way asks for itself", async () => {
  const { urls, asked } = urlsOf(filesOf(150, 1));
  assert.deepEqual(await Promise.all([urls.at(0), urls.at(120)]), ["/f0", "/f120"]);
  assert.equal(asked.length, 2);
});

test("a URL that was refused is asked for afresh", async () => {
  const files = filesOf(1, 1);
  const { urls, asked } = urlsOf(files);
  await urls.at(0);
  urls.forget(files[0]);
  await urls.at(0);
  assert.equal(asked.length, 2);
});

test("a file that the link does not give any longer is missing", async () => {
  const { urls } = urlsOf(filesOf(1, 1), () => Response.json({ urls: {} }));
  await assert.rejects(urls.at(0), FileMissing);
});

test("a link that has ended gives nothing; a site that is busy may do so later", async () => {
  const ended = urlsOf(filesOf(1, 1), () => new Response("", { status: 410 }));
  await assert.rejects(ended.urls.at(0), LinkClosed);
  const busy = urlsOf(filesOf(1, 1), () => new Response("", { status: 503 }));
  await assert.rejects(busy.urls.at(0), /The site answered 503/);
});
