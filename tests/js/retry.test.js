import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { delayAfter, retry, sleep } from "../../static/js/lib/retry.js";

// The window of a browser tells of the network; that of Node does not.
Object.assign(globalThis, { addEventListener: () => {}, removeEventListener: () => {} });

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

const { signal } = new AbortController();

/**
 * Let what waits for promises run, and all timers with it, so many times.
 *
 * @param {number} times
 */
async function pass(times) {
  for (let time = 0; time < times; time += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(60_000);
  }
}

test("delays double up to half a minute, and half of each is random", () => {
  const shortest = [1, 2, 3, 20].map((failures) => delayAfter(failures, () => 0));
  const longest = [1, 2, 3, 20].map((failures) => delayAfter(failures, () => 1));
  assert.deepEqual(shortest, [250, 500, 1000, 15_000]);
  assert.deepEqual(longest, [500, 1000, 2000, 30_000]);
});

test("what fails for a while is tried again", async () => {
  let tries = 0;
  /** @type {boolean[]} */
  const waits = [];
  const attempt = async () => {
    tries += 1;
    if (tries < 3) throw new Error("busy");
    return "done";
  };
  const result = retry(attempt, { isTemporary: () => true, signal, onwait: (isWaiting) => waits.push(isWaiting) });
  await pass(3);
  assert.equal(await result, "done");
  assert.deepEqual(waits, [true, false, true, false]);
});

test("what fails for good is thrown at once", async () => {
  let tries = 0;
  const attempt = async () => {
    tries += 1;
    throw new Error("refused");
  };
  await assert.rejects(retry(attempt, { isTemporary: () => false, signal }), /refused/);
  assert.equal(tries, 1);
});

test("the last error is thrown after so many tries", async () => {
  let tries = 0;
  const attempt = async () => {
    tries += 1;
    throw new Error(`failure ${tries}`);
  };
  const failing = assert.rejects(retry(attempt, { isTemporary: () => true, signal, tries: 4 }), /failure 4/);
  await pass(5);
  await failing;
});

test("offline, failures are not counted", async () => {
  Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true, writable: true });
  let tries = 0;
  const attempt = async () => {
    tries += 1;
    if (tries < 20) throw new Error("offline");
    return "done";
  };
  const result = retry(attempt, { isTemporary: () => true, signal, tries: 3 });
  await pass(20);
  Object.assign(globalThis, { navigator: undefined });
  assert.equal(await result, "done");
});

test("an abort ends the wait with its reason", async () => {
  const control = new AbortController();
  const attempt = () => Promise.reject(new Error("busy"));
  const failing = assert.rejects(retry(attempt, { isTemporary: () => true, signal: control.signal }), /cancelled/);
  await new Promise((resolve) => setImmediate(resolve));
  control.abort(new Error("cancelled"));
  await failing;
});

test("a sleeper wakes as soon as the network is back", async () => {
  const network = new EventTarget();
  const slept = sleep(60_000, signal, network);
  network.dispatchEvent(new Event("online"));
  await slept;
});
