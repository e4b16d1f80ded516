import assert from "node:assert/strict";
import { test } from "node:test";
import { AdaptiveLimit } from "../../static/js/uploads/adaptive-limit.js";

const SAMPLE_MS = 1500;

/**
 * The limits after each of so many samples, on a line that brings `speedOf(limit)` bytes a millisecond.
 *
 * @param {(limit: number) => number} speedOf
 */
function limitsOn(speedOf, { samples = 60, isCrowded = true } = {}) {
  const limit = new AdaptiveLimit();
  limit.end(isCrowded, 0);
  return Array.from({ length: samples }, (_, sample) => {
    limit.move(speedOf(limit.limit) * SAMPLE_MS);
    limit.end(isCrowded, (sample + 1) * SAMPLE_MS);
    return limit.limit;
  });
}

test("where each request brings more, there are as many as may be", () => {
  assert.equal(limitsOn((limit) => limit * 1000).at(-1), 12);
});

test("where one more brings nothing, it is taken back, and tried again only after a rest", () => {
  const limits = limitsOn(() => 100_000, { samples: 18 });
  assert.equal(Math.max(...limits), 7);
  assert.equal(limits.filter((limit) => limit === 7).length, 2);
  assert.equal(limits.at(-1), 6);
});

test("with places free, the speed says nothing", () => {
  assert.deepEqual(new Set(limitsOn((limit) => limit * 1000, { isCrowded: false })), new Set([6]));
});

test("a stumble halves the limit, and those that fail together are one", () => {
  const limit = new AdaptiveLimit();
  limit.stumble(0);
  limit.stumble(100);
  assert.equal(limit.limit, 3);
  limit.stumble(2000);
  assert.equal(limit.limit, 2);
  limit.stumble(4000);
  assert.equal(limit.limit, 2);
});

test("after a stumble nothing is tried for a while", () => {
  const limit = new AdaptiveLimit();
  limit.stumble(0);
  for (let sample = 1; sample <= 7; sample += 1) {
    limit.move(1_000_000);
    limit.end(true, sample * SAMPLE_MS);
    assert.equal(limit.limit, 3);
  }
});
