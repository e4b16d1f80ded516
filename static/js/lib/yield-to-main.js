/** Let the page draw and answer between two pieces of long work. */
export function yieldToMain() {
  return globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}
