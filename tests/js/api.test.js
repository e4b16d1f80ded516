import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Api, ApiError } from "../../static/js/lib/api.js";
import { explain } from "../../static/js/uploads/problems.js";
import { SourceError } from "../../static/js/uploads/source.js";
import { BucketError, worthTrying } from "../../static/js/uploads/transport.js";

/** @typedef {{ status?: number, json?: unknown, text?: string }} Planned */

/** @type {{ method?: string, url?: string, token: unknown, body: string }[]} */
const asked = [];
/** @type {Planned[]} */
let answers = [];
const server = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  asked.push({ method: request.method, url: request.url, token: request.headers["x-csrftoken"], body });
  const { status = 200, json, text } = answers.shift() ?? {};
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(status === 204 ? undefined : (text ?? JSON.stringify(json ?? {})));
});

before(() => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null))));
after(() => server.close());

/**
 * An API that answers so, one after the other.
 *
 * @param {Planned[]} planned
 */
function apiWith(...planned) {
  answers = planned;
  asked.length = 0;
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const base = `http://127.0.0.1:${port}/api/v1/`;
  return new Api({ base, csrfToken: "old", renewCsrfToken: async () => "new" });
}

test("an operation is asked by its method, and its path with parameters and query", async () => {
  const api = apiWith({ json: { items: [] } }, { status: 204 }, { json: { id: "1" } });
  assert.deepEqual(await api.request("GET /uploads/", { query: { browser: "b 1" } }), { items: [] });
  assert.equal(await api.request("DELETE /uploads/{upload_id}/", { params: { upload_id: "1/2" } }), null);
  await api.request("POST /uploads/", { body: { name: "a", size: 1 } });
  assert.deepEqual(
    asked.map(({ method, url, body }) => [method, url, body]),
    [
      ["GET", "/api/v1/uploads/?browser=b%201", ""],
      ["DELETE", "/api/v1/uploads/1%2F2/", ""],
      ["POST", "/api/v1/uploads/", '{"name":"a","size":1}'],
    ],
  );
});

test("a token that was replaced is renewed once", async () => {
  const api = apiWith({ status: 403 }, { json: { id: "1" } });
  await api.request("GET /uploads/");
  assert.deepEqual(
    asked.map(({ token }) => token),
    ["old", "new"],
  );
});

test("a problem is thrown with its words and its kind", async () => {
  const problem = {
    type: "https://example.com/problems/quota-exceeded",
    title: "No room",
    detail: "Full.",
    status: 409,
  };
  const api = apiWith({ status: 409, json: problem });
  await assert.rejects(api.request("GET /uploads/"), { name: "ApiError", message: "Full.", kind: "quota-exceeded" });
});

test("a proxy's answer in HTML is no answer", async () => {
  const api = apiWith({ text: "<html>" });
  await assert.rejects(api.request("GET /uploads/"), { status: 0, isTemporary: true });
});

for (const { status, isTemporary } of [
  { status: 0, isTemporary: true },
  { status: 404, isTemporary: false },
  { status: 409, isTemporary: false },
  { status: 429, isTemporary: true },
  { status: 503, isTemporary: true },
]) {
  test(`after ${status} it is ${isTemporary ? "" : "not "}worth trying again`, () => {
    assert.equal(new ApiError(status).isTemporary, isTemporary);
  });
}

test("what the bucket refused for a reason is not asked again", () => {
  assert.equal(new ApiError(503, { type: "x/bucket-refused" }).isTemporary, false);
});

test("a signature that is refused is renewed a few times, and no more", () => {
  const isWorthTrying = worthTrying();
  const refused = new BucketError(403, "AccessDenied");
  assert.deepEqual(
    [1, 2, 3, 4].map(() => isWorthTrying(refused)),
    [true, true, true, false],
  );
});

for (const { error, isTemporary } of [
  { error: new BucketError(0), isTemporary: true },
  { error: new BucketError(503, "SlowDown"), isTemporary: true },
  { error: new BucketError(400, "BadDigest"), isTemporary: true },
  { error: new BucketError(404, "NoSuchUpload"), isTemporary: false },
  { error: new BucketError(507), isTemporary: false },
  { error: new BucketError(503, "XMinioStorageFull"), isTemporary: false },
]) {
  test(`the bucket's ${error.status} ${error.code} is ${isTemporary ? "" : "not "}temporary`, () => {
    assert.equal(error.isTemporary, isTemporary);
  });
}

test("a failure is explained by what can be done next", () => {
  assert.match(explain(new ApiError(0)).text, /Check your connection, then retry\.$/);
  assert.equal(explain(new ApiError(404)).isOver, true);
  assert.equal(explain(new ApiError(409, { type: "x/file-changed" })).isOther, true);
  assert.equal(explain(new BucketError(404)).isOver, true);
  assert.match(explain(new BucketError(400, "BadDigest")).text, /damaged/);
  assert.equal(explain(new SourceError(), { hasBegun: false }).isOver, true);
  assert.equal(explain(new SourceError(undefined, { isMixed: true })).isOver, true);
  assert.equal(explain(new SourceError()).isSpent, true);
});

test("a mistake of our own is told as one", () => {
  const { text, isFault, canRetry } = explain(new TypeError("x is undefined"));
  assert.match(text, /our fault, not your file's/);
  assert.deepEqual([isFault, canRetry], [true, false]);
});
