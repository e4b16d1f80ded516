// Trying again after a failure: with growing, random pauses, and not for ever.

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
// With these delays, ten tries last a minute and a half: longer than a bucket or an app takes to start again.
const TRIES = 10;

/**
 * Return the milliseconds to wait after the `failures`-th failure. Half of them are random, so that clients spread out.
 *
 * @param {number} failures
 * @param {() => number} random
 */
export function delayAfter(failures, random = Math.random) {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return (longest / 2) * (1 + random());
}

/**
 * Resolve after `milliseconds`, or when `wake` dispatches "online". Reject with the signal's reason if that aborts
 * first.
 *
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @param {EventTarget | null} wake
 * @returns {Promise<void>}
 */
export function sleep(milliseconds, signal, wake = null) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      wake?.removeEventListener("online", end);
    };
    const end = () => {
      stop();
      resolve();
    };
    const abort = () => {
      stop();
      reject(signal.reason);
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", abort);
    wake?.addEventListener("online", end);
    if (signal.aborted) abort();
  });
}

/**
 * Reject with the signal's reason, once it aborts.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<never>}
 */
export function aborted(signal) {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/**
 * Return what `attempt()` gives; try again after errors for which `isTemporary(error)` is true.
 *
 * Offline, failures are not counted, and the next attempt is made as soon as the network is back. `onwait` is called
 * with true before each wait and with false after it. Throws the last error, or the signal's reason.
 *
 * @template Result
 * @param {() => Promise<Result>} attempt
 * @param {{
 *   isTemporary: (error: unknown) => boolean,
 *   signal: AbortSignal,
 *   onwait?: (isWaiting: boolean) => void,
 *   tries?: number,
 * }} options
 * @returns {Promise<Result>}
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
