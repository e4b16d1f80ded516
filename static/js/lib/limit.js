// Promises that may never settle: what browsers promise, some keep forever.

/** What `promise` gives, if it does within so many milliseconds; else throws. */
export function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("There was no answer in time.")), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
