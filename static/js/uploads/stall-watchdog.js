// Requests that stand still: a dead connection that nobody calls dead, as after a laptop has slept.

/** @typedef {{ abort: () => void, hasBegun: boolean, movedAt: number }} Watched */

const TIMEOUT_MS = 120_000;
// After sleep, or back on the network, what does not move soon never will.
const TIMEOUT_AFTER_WAKING_MS = 15_000;
const LOOK_EVERY_MS = 1000;
// Timers that come so late slept. Hidden tabs get theirs once a minute.
const SLEPT_MS = 90_000;

/** @type {Set<Watched>} */
const watched = new Set();
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;
let lookedAt = 0;
let wokeAt = -Infinity;
let movedAt = 0;

globalThis.addEventListener?.("online", () => {
  wokeAt = Date.now();
});

/**
 * Call `abort` once the request stands still. Tell `moved()` of each byte that leaves, and `end()` in the end.
 *
 * @param {() => void} abort
 */
export function watch(abort) {
  const request = { abort, hasBegun: false, movedAt: Date.now() };
  watched.add(request);
  if (timer === undefined) {
    lookedAt = Date.now();
    timer = setInterval(look, LOOK_EVERY_MS);
  }
  return {
    moved() {
      movedAt = Date.now();
      request.hasBegun = true;
      request.movedAt = movedAt;
    },
    end() {
      watched.delete(request);
      movedAt = Date.now();
      if (watched.size) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

function look() {
  const now = Date.now();
  if (now - lookedAt > SLEPT_MS) wokeAt = now;
  lookedAt = now;
  for (const request of watched) {
    // One that has not begun may wait for a connection: then the others tell whether there is life.
    const since = request.hasBegun ? request.movedAt : Math.max(request.movedAt, movedAt);
    const hasWoken = wokeAt > since;
    const standing = now - (hasWoken ? wokeAt : since);
    if (standing > (hasWoken ? TIMEOUT_AFTER_WAKING_MS : TIMEOUT_MS)) request.abort();
  }
}
