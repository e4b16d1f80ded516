// How many large parts travel at once: few until the line is known, many where that brings more.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Ramp } from "../../static/js/uploads/ramp.js";

const MIB = 1024 * 1024;
const MOST = 5; // as far as the tests go

/**
 * How many parts travel, every 50 ms, on a line on which each connection has `each` bytes a second at most, and all
 * together `together`.
 *
 * @param {{ each: number, together: number, seconds?: number, partSize?: number }} line
 */
function lanesOn({ each, together, seconds = 30, partSize = 5 * MIB }) {
  const ramp = new Ramp();
  const parts = [];
  const lanes = [];
  for (let now = 0; now < seconds * 1000; now += 50) {
    while (parts.length < Math.min(MOST, ramp.limitAt(now))) parts.push({ bytes: 0, part: ramp.begin(now) });
    ramp.settle();
    lanes.push(parts.length);
    const speed = Math.min(each, together / parts.length);
    for (const part of parts) part.bytes += speed / 20;
    ramp.move(now);
    for (let at = parts.length - 1; at >= 0; at -= 1) {
      if (parts[at].bytes >= partSize) ramp.end(parts.splice(at, 1)[0].part, partSize, now + 50);
    }
  }
  return lanes;
}

test("a slow line is given one part at a time once it is known", () => {
  const lanes = lanesOn({ each: 2_000_000, together: 2_000_000 });
  assert.deepEqual([lanes[0], Math.max(...lanes)], [1, 2]);
  assert.deepEqual(new Set(lanes.slice(200)), new Set([1]));
});

test("a fast line is given all after the first part", () => {
  const lanes = lanesOn({ each: 50_000_000, together: 50_000_000 });
  assert.deepEqual([lanes[0], Math.max(...lanes.slice(0, 10))], [1, MOST]);
});

for (const together of [20_000_000, 100_000_000]) {
  test(`so is a line of ${together} bytes a second on which only many are fast`, () => {
    const lanes = lanesOn({ each: 2_000_000, together });
    assert.deepEqual(new Set(lanes.slice(20 * 8)), new Set([MOST]));
  });
}

test("a slow line that has become fast is noticed", () => {
  const slow = lanesOn({ each: 1_000_000, together: 1_900_000, seconds: 90 });
  assert.ok(slow.slice(20 * 35).includes(2));
});

test("a connection that stands still does not keep the others waiting", () => {
  const ramp = new Ramp();
  ramp.begin(0);
  assert.equal(ramp.limitAt(5000), 1);
  assert.equal(ramp.limitAt(5001), 2);
});

test("a small part says nothing of the line", () => {
  const ramp = new Ramp();
  ramp.end(ramp.begin(0), 2 * MIB - 1, 10);
  assert.equal(ramp.limitAt(10), 1);
});
