// The uploads in a queue, while nothing of it moves yet: the API does not answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Batch } from "../../static/js/uploads/batch.js";
import { Queue } from "../../static/js/uploads/queue.js";
import { FileSource } from "../../static/js/uploads/source.js";

const LARGEST_FORM = 100;

function silentQueue() {
  /** @type {string[]} */
  const started = [];
  const silent = {
    start: (/** @type {{ name: string }} */ { name }) => {
      started.push(name);
      return new Promise(() => {});
    },
    cancel: async () => null,
  };
  const records = /** @type {import("../../static/js/uploads/records.js").Records} */ (/** @type {unknown} */ (silent));
  const queue = new Queue({ records, hashWorkerUrl: undefined, largestForm: LARGEST_FORM });
  return { queue, started };
}

const sourceOf = (/** @type {string} */ name, size = 10) => new FileSource(new File(["x".repeat(size)], name));
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("small files are started together, of the large ones a few", async () => {
  const { queue, started } = silentQueue();
  for (let number = 0; number < 20; number += 1) queue.add(sourceOf(`small ${number}`));
  for (let number = 0; number < 5; number += 1) queue.add(sourceOf(`large ${number}`, LARGEST_FORM + 1));
  await settle();
  assert.equal(started.filter((name) => name.startsWith("small")).length, 20);
  assert.deepEqual(
    started.filter((name) => name.startsWith("large")),
    ["large 0", "large 1", "large 2"],
  );
});

test("the totals count what is there, by its state", () => {
  const { queue } = silentQueue();
  const [first] = [queue.add(sourceOf("a", 30)), queue.add(sourceOf("b", 20))];
  queue.pause(first);
  const { count, paused, size, sent } = queue.totals;
  assert.deepEqual({ count, paused, size, sent }, { count: 2, paused: 1, size: 50, sent: 0 });
  assert.ok(queue.isUnfinished);
});

test("what is cancelled leaves the queue and its totals", async () => {
  const { queue } = silentQueue();
  const uploads = ["a", "b"].map((name) => queue.add(sourceOf(name)));
  await settle();
  await queue.cancel(uploads[0]);
  assert.deepEqual([...queue.uploads], [uploads[1]]);
  assert.equal(queue.totals.count, 1);
  assert.equal(uploads[0].state, "cancelled");
});

test("a paused upload goes on when it is resumed", () => {
  const { queue } = silentQueue();
  /** @type {string[]} */
  const states = [];
  const upload = queue.add(sourceOf("a"));
  queue.on("change", ({ state }) => states.push(state));
  queue.pause(upload);
  queue.resume(upload);
  assert.deepEqual(states.slice(0, 2), ["paused", "waiting"]);
});

test("all that came since it was idle moves together", () => {
  const { queue } = silentQueue();
  const first = queue.add(sourceOf("a"));
  const { active } = queue;
  const second = queue.add(sourceOf("b"));
  assert.equal(queue.active, active);
  assert.deepEqual([...active], [first, second]);
  assert.ok(queue.isOfSeveralBatches);
});

test("what is chosen at once is one batch, and what is over can be cleared", async () => {
  const { queue } = silentQueue();
  const batch = new Batch();
  const [first, second] = ["a", "b"].map((name) => queue.add(sourceOf(name), null, { batch }));
  assert.deepEqual([...queue.batches], [batch]);
  assert.ok(batch.isMany && !queue.isOfSeveralBatches);
  first.state = "failed";
  queue.clear(batch);
  assert.deepEqual([...queue.uploads], [second]);
  await queue.cancel(second);
  assert.equal(queue.batches.size, 0);
});
