import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { PendingLinks } from "../../static/js/uploads/pending-links.js";

const kept = new Map();
Object.assign(globalThis, {
  localStorage: {
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => kept.set(name, value),
    removeItem: (/** @type {string} */ name) => kept.delete(name),
  },
});
beforeEach(() => kept.clear());

const LINK = { id: "abc", url: "https://example.com/s/abc/", page_url: "/links/abc/" };
const sourceOf = (/** @type {string} */ name) => ({ path: "", name, size: 5, lastModified: 1 });

test("a file that comes again finds the link that was to lead to it", () => {
  new PendingLinks("1").add(LINK, [sourceOf("a.txt")]);
  const find = new PendingLinks("1").finder();
  assert.deepEqual(find(sourceOf("a.txt")), LINK);
  assert.equal(find(sourceOf("b.txt")), undefined);
  assert.equal(new PendingLinks("2").finder()(sourceOf("a.txt")), undefined);
});

test("what was kept by an earlier version is found", () => {
  const entry = { link: LINK, keys: ["b2bc0fa51b9e11c1"], until: Date.now() + 1000 };
  new PendingLinks("1").add(LINK, [sourceOf("a.txt")]);
  entry.keys = JSON.parse(kept.get("waybill-links-1"))[0].keys;
  assert.match(entry.keys[0], /^[0-9a-f]{16}$/);
  kept.set("waybill-links-1", JSON.stringify([entry]));
  assert.deepEqual(new PendingLinks("1").finder()(sourceOf("a.txt")), LINK);
});

test("of two files that have all in common, one that arrived does not take the other's link", () => {
  const links = new PendingLinks("1");
  const [one, other] = [sourceOf("a.txt"), sourceOf("a.txt")];
  links.add(LINK, [one, other]);
  links.remove("abc", [one], [other]);
  assert.deepEqual(links.finder()(other), LINK);
  links.remove("abc", [one, other], []);
  assert.equal(kept.size, 0);
});

test("a link is forgotten with the last of its files, and nothing stays behind", () => {
  const links = new PendingLinks("1");
  links.add(LINK, [sourceOf("a.txt")]);
  links.add(LINK, [sourceOf("b.txt")]);
  links.remove("abc", [sourceOf("a.txt")]);
  assert.deepEqual(links.finder()(sourceOf("b.txt")), LINK);
  links.remove("abc", [sourceOf("b.txt")]);
  assert.equal(kept.size, 0);
});

test("a link is kept for a week", (context) => {
  context.mock.timers.enable({ apis: ["Date"] });
  const links = new PendingLinks("1");
  links.add(LINK, [sourceOf("a.txt")]);
  context.mock.timers.tick(7 * 24 * 3600 * 1000 - 1);
  assert.deepEqual(links.finder()(sourceOf("a.txt")), LINK);
  context.mock.timers.tick(1);
  assert.equal(links.finder()(sourceOf("a.txt")), undefined);
});

test("a browser that keeps nothing breaks nothing", () => {
  const refuses = mock.method(globalThis.localStorage, "setItem", () => {
    throw new DOMException("full", "QuotaExceededError");
  });
  new PendingLinks("1").add(LINK, [sourceOf("a.txt")]);
  assert.equal(new PendingLinks("1").finder()(sourceOf("a.txt")), undefined);
  refuses.mock.restore();
});
