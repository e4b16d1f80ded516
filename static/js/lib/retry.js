// Trying again, not at once and not for ever.

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
// With these delays, ten tries last a minute and a half: longer than a bucket or an app takes to start again.
const TRIES = 10;

/** Milliseconds to wait after the `failures`-th failure. Half of it is random, so that clients spread out. */
export function delayAfter(failures, random = Math.random) {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return (longest / 2) * (1 + random());
}

/** Resolves after `milliseconds`; rejects with the signal's reason when that aborts first. */
export function sleep(milliseconds, signal, wake = null) {
  return new Promise((resolve, reject) => {
    const finish = (settle) => () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      wake?.removeEventListener("online", end);
      settle();
    };
    const end = finish(resolve);
    const abort = finish(() => reject(signal.reason));
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", abort);
    wake?.addEventListener("online", end);
    if (signal.aborted) abort();
  });
}

/** Rejects with the signal's reason, once it aborts. */
export function aborted(signal) {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/**
 * What `attempt()` gives, tried again after errors for which `isTemporary(error)` is true.
 *
 * Offline, failures are not counted and it goes on as soon as the network is back. `onwait(true)` and `onwait(false)`
 * are called around each wait. Throws the last error, or the signal's reason.
 */
export async function retry(attempt, { isTemporary, signal, onwait = () => {}, tries = TRIES }) {
  let failures = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const isOffline = globalThis.navigator?.onLine === false;
      if (!isOffline) failures += 1;
      if (!isTemporary(error) || failures >= tries) throw error;
      onwait(true);
      try {
        // Some browsers claim to be offline and are not: try now and then all the same.
        await sleep(isOffline ? LONGEST_DELAY_MS : delayAfter(failures), signal, globalThis);
      } finally {
        onwait(false);
      }
    }
  }
}
