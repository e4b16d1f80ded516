import assert from "node:assert/strict";
import { test } from "node:test";
import { UploadLane } from "../../static/js/uploads/upload-lane.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Something to run that ends when it is told to, and writes its name into `runs` when it begins.
 *
 * @param {string} name
 * @param {string[]} runs
 */
function upload(name, runs, size = 1) {
  let end = () => {};
  const run = () => {
    runs.push(name);
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        end = resolve;
      })
    );
  };
  return { name, size, run, end: () => end() };
}

test("uploads run in the order of their coming, so many at once", async () => {
  /** @type {string[]} */
  const runs = [];
  let ends = 0;
  const lane = new UploadLane(
    (count) => count <= 2,
    () => (ends += 1),
  );
  const uploads = ["a", "b", "c"].map((name) => upload(name, runs));
  for (const one of uploads) lane.add(one);
  assert.deepEqual(runs, ["a", "b"]);
  uploads[1].end();
  await settle();
  assert.deepEqual(runs, ["a", "b", "c"]);
  assert.equal(ends, 1);
  assert.ok(lane.isBusy);
});

test("bytes limit them, too, but one always runs", () => {
  /** @type {string[]} */
  const runs = [];
  const lane = new UploadLane(
    (_, bytes) => bytes <= 10,
    () => {},
  );
  lane.add(upload("huge", runs, 100));
  lane.add(upload("tiny", runs, 1));
  assert.deepEqual(runs, ["huge"]);
});

test("one that is taken out while it waits never runs", async () => {
  /** @type {string[]} */
  const runs = [];
  const lane = new UploadLane(
    (count) => count <= 1,
    () => {},
  );
  const [first, second] = [upload("first", runs), upload("second", runs)];
  lane.add(first);
  lane.add(second);
  lane.remove(second);
  first.end();
  await settle();
  assert.deepEqual(runs, ["first"]);
  assert.equal(lane.isBusy, false);
});

test("one that is added again while it still ends runs once more afterwards", async () => {
  /** @type {string[]} */
  const runs = [];
  const lane = new UploadLane(
    () => true,
    () => {},
  );
  const one = upload("one", runs);
  lane.add(one);
  lane.add(one);
  assert.deepEqual(runs, ["one"]);
  one.end();
  await settle();
  assert.deepEqual(runs, ["one", "one"]);
});
