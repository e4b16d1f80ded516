// Announces failed uploads to screen readers, each once.

import { visible } from "../lib/names.js";
import { gettext, interpolate, ngettext } from "../lib/translation.js";

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
      .map(({ source, problem }) => sentence(visible(source.name), problem?.text ?? gettext("The upload failed.")));
    const others = fresh.length - sentences.length;
    if (others)
      sentences.push(
        interpolate(ngettext("%(n)s more file failed.", "%(n)s more files failed.", others), { n: others }),
      );
    return sentences.join(" ");
  }
}

/**
 * @param {string} name
 * @param {string} problem
 */
function sentence(name, problem) {
  return interpolate(gettext("%(name)s: %(problem)s"), { name, problem });
}
