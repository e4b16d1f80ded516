import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Batcher } from "../../static/js/lib/batcher.js";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("what is asked within the delay goes in one request, in order", async () => {
  /** @type {number[][]} */
  const sent = [];
  const batcher = new Batcher(async (items) => {
    sent.push(items);
    return items.map((item) => item * 10);
  });
  const asked = Promise.all([1, 2, 3].map((item) => batcher.ask(item)));
  mock.timers.tick(25);
  assert.deepEqual(await asked, [10, 20, 30]);
  assert.deepEqual(sent, [[1, 2, 3]]);
});

test("a full batch does not wait", async () => {
  /** @type {number[][]} */
  const sent = [];
  const batcher = new Batcher(
    async (items) => {
      sent.push(items);
      return items;
    },
    { most: 2 },
  );
  await Promise.all([batcher.ask(1), batcher.ask(2)]);
  assert.deepEqual(sent, [[1, 2]]);
});

test("while enough requests are under way, the rest gathers", async () => {
  /** @type {number[][]} */
  const sent = [];
  /** @type {(() => void)[]} */
  const answers = [];
  const send = (/** @type {number[]} */ items) => {
    sent.push(items);
    return /** @type {Promise<number[]>} */ (new Promise((resolve) => answers.push(() => resolve(items))));
  };
  const batcher = new Batcher(send, { most: 1, atOnce: 1, pause: 400 });
  const asked = [1, 2].map((item) => batcher.ask(item));
  await settle();
  assert.deepEqual(sent, [[1]]);
  answers[0]();
  await settle();
  assert.deepEqual(sent, [[1], [2]]);
  answers[1]();
  assert.deepEqual(await Promise.all(asked), [1, 2]);
});

test("after an answer it takes its time with what gathered meanwhile", async () => {
  /** @type {number[][]} */
  const sent = [];
  const batcher = new Batcher(
    async (items) => {
      sent.push(items);
      return items;
    },
    { most: 2, atOnce: 1, pause: 400 },
  );
  for (const item of [1, 2, 3]) batcher.ask(item);
  await settle();
  mock.timers.tick(399);
  assert.deepEqual(sent, [[1, 2]]);
  mock.timers.tick(1);
  assert.deepEqual(sent, [[1, 2], [3]]);
});

test("a result that is an error is thrown to who asked, and to nobody else", async () => {
  const batcher = new Batcher(async (items) => items.map((item) => (item === 2 ? new Error("no") : item)));
  const [one, two] = [batcher.ask(1), batcher.ask(2)];
  mock.timers.tick(25);
  await assert.rejects(two, /no/);
  assert.equal(await one, 1);
});

test("a request that fails is thrown to all who asked, and the next goes out", async () => {
  let isDown = true;
  const batcher = new Batcher(async (items) => {
    if (isDown) throw new Error("down");
    return items;
  });
  const failing = [1, 2].map((item) => assert.rejects(batcher.ask(item), /down/));
  mock.timers.tick(25);
  await Promise.all(failing);
  isDown = false;
  const again = batcher.ask(3);
  mock.timers.tick(400);
  assert.equal(await again, 3);
});
