// Texts that people read: names, sizes, times, and the note on files that are left out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decoded } from "../../static/js/lib/decoding.js";
import { portion, size, speed, timeLeft } from "../../static/js/lib/format.js";
import { leftOut } from "../../static/js/lib/left-out.js";
import { visible } from "../../static/js/lib/names.js";
import { cut } from "../../static/js/lib/text.js";
import { Failures } from "../../static/js/uploads/failures.js";
import { Meter } from "../../static/js/uploads/meter.js";

for (const { bytes, words } of [
  { bytes: 0, words: "0 bytes" },
  { bytes: 1, words: "1 byte" },
  { bytes: 999, words: "999 bytes" },
  { bytes: 1000, words: "1 kB" },
  { bytes: 999_499, words: "999 kB" },
  { bytes: 999_500, words: "1 MB" },
  { bytes: 4_820_000_000, words: "4.82 GB" },
  { bytes: 2 ** 53, words: "9007 TB" },
]) {
  test(`${bytes} bytes are ${words}`, () => assert.equal(size(bytes), words));
}

test("a portion is in the unit of the whole, and keeps its zeros", () => {
  assert.equal(portion(1_900_000_000, 4_600_000_000), "1.90 of 4.6 GB");
  assert.equal(portion(0, 4_600_000_000), "0.00 of 4.6 GB");
  assert.equal(speed(23_400_000), "23.4 MB/s");
});

for (const { seconds, words } of [
  { seconds: 3, words: "a few seconds left" },
  { seconds: 41, words: "45 s left" },
  { seconds: 55, words: "1 min left" },
  { seconds: 125, words: "2 min left" },
  { seconds: 3600, words: "1 h left" },
  { seconds: 5400, words: "1 h 30 min left" },
  { seconds: 200_000, words: "2 days left" },
]) {
  test(`${seconds} seconds are ${words}`, () => assert.equal(timeLeft(seconds), words));
}

test("nothing in a name hides or turns the line around", () => {
  assert.equal(visible("exe.\u202etxt"), "exe.[U+202E]txt");
  assert.equal(visible("a\u0000b\u200bc\ufeff"), "a[U+0000]b[U+200B]c[U+FEFF]");
  assert.equal(visible("naïve 👩‍👧.txt"), "naïve 👩‍👧.txt");
});

test("a text is cut between whole characters, as the API counts them", () => {
  assert.equal(cut("abc", 2), "ab");
  assert.equal(cut("a👩‍👧", 3), "a");
  assert.equal(cut("a👩‍👧", 4), "a👩‍👧");
  assert.equal(cut("\ud800b", 2), "\ufffdb");
  assert.equal(cut(`e${"\u0301".repeat(9)}`, 3), "e\u0301\u0301");
});

const NOTHING_LEFT = {
  system: new Set(),
  empty: [],
  unreadable: [],
  closed: [],
  cut: [],
  away: [],
  nameless: 0,
};

test("nothing is said where nothing is left out", () => assert.equal(leftOut(NOTHING_LEFT), ""));

test("what is left out is named, in its number", () => {
  assert.equal(leftOut({ ...NOTHING_LEFT, empty: ["a"] }), "The folder “a” is empty, so there is nothing to send.");
  const words = leftOut({ ...NOTHING_LEFT, empty: ["a", "b", "c", "d"] });
  assert.equal(words, "4 folders are empty, so there is nothing to send: “a”, “b”, “c” and 1 more.");
});

test("what cannot be read can be chosen again", () => {
  const words = leftOut({ ...NOTHING_LEFT, unreadable: ["a.txt"], nameless: 2 });
  assert.match(words, /^“a.txt” could not be read and is not sent. 2 items could not be read/);
  assert.match(words, /Nothing is uploaded twice\.$/);
});

test("a failure is said once, and again after it was tried again", () => {
  const failures = new Failures();
  const upload = { state: "failed", source: { name: "a.txt" }, problem: { text: "No room." } };
  assert.equal(failures.fresh([upload]), "a.txt: No room.");
  assert.equal(failures.fresh([upload]), "");
  assert.equal(failures.fresh([{ ...upload, state: "uploading" }]), "");
  assert.equal(failures.fresh([upload]), "a.txt: No room.");
});

test("of many failures a few are named", () => {
  const uploads = Array.from({ length: 5 }, () => ({ state: "failed", source: { name: "a" }, problem: null }));
  assert.match(new Failures().fresh(uploads), /^(a: The upload failed\. ){3}2 more files failed\.$/);
});

test("speed is smoothed, and a part that failed is no negative speed", () => {
  const meter = new Meter();
  assert.equal(meter.secondsFor(100), null);
  for (let second = 0; second <= 20; second += 1) meter.note(second * 1000, second * 1000);
  assert.ok(Math.abs(meter.speed - 1000) < 1);
  meter.note(0, 21_000);
  assert.ok(meter.speed > 0 && meter.speed < 1000);
});

test("where nothing moves, nobody says how long it takes", () => {
  const meter = new Meter();
  for (let second = 0; second <= 20; second += 1) meter.note(second * 1e6, second * 1000);
  for (let second = 21; second <= 34; second += 1) meter.note(20e6, second * 1000);
  assert.ok((meter.secondsFor(1e6) ?? 0) > 0);
  for (let second = 35; second <= 40; second += 1) meter.note(20e6, second * 1000);
  assert.equal(meter.secondsFor(1e6), null);
});

for (const { encoding, bytes, text } of [
  { encoding: "UTF-8", bytes: [0xc3, 0xa4], text: "ä" },
  { encoding: "UTF-8 with a mark", bytes: [0xef, 0xbb, 0xbf, 0x61], text: "a" },
  { encoding: "UTF-16 with a mark", bytes: [0xff, 0xfe, 0xe4, 0], text: "ä" },
  { encoding: "UTF-16 without a mark", bytes: [0x61, 0, 0x62, 0], text: "ab" },
  { encoding: "UTF-32", bytes: [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], text: "a" },
]) {
  test(`text in ${encoding} is read`, () => {
    assert.deepEqual(decoded(Uint8Array.from(bytes)), { text, doubt: "" });
  });
}

test("UTF-8 with a few bad bytes is shown as UTF-8, whatever else would read them", () => {
  const bytes = new TextEncoder().encode("größer, Ähre");
  assert.deepEqual(decoded(Uint8Array.of(...bytes, 0xe4)), { text: "größer, Ähre\ufffd", doubt: "damaged" });
  const western = Uint8Array.from("größer, Ähre, Ã¤", (char) => char.charCodeAt(0));
  assert.equal(decoded(western)?.doubt, "guessed");
  assert.equal(decoded(western)?.text, "größer, Ähre, Ã¤");
});

test("other text is guessed, and what is none is told apart", () => {
  assert.deepEqual(decoded(Uint8Array.of(0xe4)), { text: "ä", doubt: "guessed" });
  assert.equal(decoded(Uint8Array.of(1, 0, 0, 0, 0, 0, 2, 3)), null);
});
