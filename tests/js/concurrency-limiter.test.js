import assert from "node:assert/strict";
import { test } from "node:test";
import { AdaptiveLimit } from "../../static/js/uploads/adaptive-limit.js";
import { ConcurrencyLimiter } from "../../static/js/uploads/concurrency-limiter.js";
import { Ramp } from "../../static/js/uploads/ramp.js";
import { BucketError } from "../../static/js/uploads/transport.js";

const { signal } = new AbortController();
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** @typedef {import("../../static/js/uploads/concurrency-limiter.js").Holder} Holder */

/**
 * A limiter, and what is under way in it: each request by its name, with how it ends.
 *
 * @param {number} limit
 */
function limited(limit, ramp = new Ramp()) {
  const adaptiveLimit = new AdaptiveLimit();
  adaptiveLimit.limit = limit;
  const limiter = new ConcurrencyLimiter(adaptiveLimit, ramp);
  const underWay = new Map();
  const hold = (/** @type {Holder} */ holder, /** @type {string} */ name, until = signal) =>
    limiter.hold(holder, until, 100, () => {
      const work = new Promise((resolve, reject) => {
        underWay.set(name, { end: () => resolve(name), fail: reject });
      });
      return work.finally(() => underWay.delete(name));
    });
  return { limiter, adaptiveLimit, underWay, hold };
}

const small = () => ({ isSmall: true });
const large = () => ({ isSmall: false });

test("no more are under way than the limit says, and the next begins when one ends", async () => {
  const { underWay, hold } = limited(2);
  const first = hold(small(), "a");
  const others = [hold(small(), "b"), hold(small(), "c")];
  await settle();
  assert.deepEqual([...underWay.keys()], ["a", "b"]);
  underWay.get("a").end();
  assert.equal(await first, "a");
  await settle();
  assert.deepEqual([...underWay.keys()], ["b", "c"]);
  for (const { end } of underWay.values()) end();
  await Promise.all(others);
});

test("a free slot goes to the upload that holds fewest", async () => {
  const { underWay, hold } = limited(2);
  const greedy = small();
  hold(greedy, "greedy 1");
  hold(small(), "other");
  hold(greedy, "greedy 2");
  hold(small(), "modest");
  await settle();
  underWay.get("other").end();
  await settle();
  assert.deepEqual([...underWay.keys()], ["greedy 1", "modest"]);
});

test("of those that hold some, too, the one that holds fewest is next", async () => {
  const { underWay, hold } = limited(4);
  const [few, many] = [small(), small()];
  hold(small(), "other");
  hold(few, "few 1");
  hold(many, "many 1");
  hold(many, "many 2");
  hold(few, "few 2");
  hold(many, "many 3");
  await settle();
  underWay.get("other").end();
  await settle();
  assert.deepEqual([...underWay.keys()], ["few 1", "many 1", "many 2", "few 2"]);
});

test("large files leave a slot free for small ones", async () => {
  const fast = new Ramp();
  fast.end(fast.begin(0), 8 * 1024 * 1024, 100); // all that may, from now on
  const { underWay, hold } = limited(3, fast);
  for (const name of ["large 1", "large 2", "large 3"]) hold(large(), name);
  hold(small(), "small");
  await settle();
  assert.deepEqual([...underWay.keys()], ["large 1", "large 2", "small"]);
  for (let left = underWay.size; left; left = underWay.size) {
    for (const { end } of underWay.values()) end();
    await settle();
  }
});

test("who gives up waiting gets the reason, and keeps nobody from their turn", async () => {
  const { underWay, hold } = limited(1);
  const control = new AbortController();
  hold(small(), "first");
  const waiting = assert.rejects(hold(small(), "given up", control.signal), /paused/);
  hold(small(), "last");
  await settle();
  control.abort(new Error("paused"));
  await waiting;
  underWay.get("first").end();
  await settle();
  assert.deepEqual([...underWay.keys()], ["last"]);
});

test("a bucket that balks is asked less at once; a refusal changes nothing", async () => {
  const { adaptiveLimit, underWay, hold } = limited(6);
  const refused = assert.rejects(hold(small(), "refused"));
  await settle();
  underWay.get("refused").fail(new BucketError(403));
  await refused;
  assert.equal(adaptiveLimit.limit, 6);
  const failed = assert.rejects(hold(small(), "busy"));
  await settle();
  underWay.get("busy").fail(new BucketError(503, "SlowDown"));
  await failed;
  assert.equal(adaptiveLimit.limit, 3);
});
