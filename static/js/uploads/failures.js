// Announces failed uploads to screen readers, each once.

import { count } from "../lib/format.js";
import { visible } from "../lib/names.js";

/**
 * @typedef {{
 *   state: string,
 *   source: { name: string },
 *   problem: { text: string } | null,
 * }} Failable
 */

const NAMED = 3;

export class Failures {
  // Those of which it was said.
  /** @type {Set<Failable>} */
  #known = new Set();

  /**
   * Return a sentence for each of the first few that are new, or "". What failed, was tried again and failed is new.
   *
   * @param {Iterable<Failable>} uploads
   */
  fresh(uploads) {
    const failed = [...uploads].filter(({ state }) => state === "failed");
    const fresh = failed.filter((upload) => !this.#known.has(upload));
    this.#known = new Set(failed);
    const sentences = fresh
      .slice(0, NAMED)
      .map(({ source, problem }) => `${visible(source.name)}: ${problem?.text ?? "stopped."}`);
    if (fresh.length > NAMED) sentences.push(`${count(fresh.length - NAMED, "more file")} stopped.`);
    return sentences.join(" ");
  }
}
