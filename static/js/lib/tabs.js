// Tells what other tabs of this browser are busy with.

// An idle tab answers in a few. A busy one may take seconds, and is heard, too.
const MOST_ANSWERS_WITHIN_MS = 150;

/** Tabs that tell each other which of some ids are theirs. Where a browser lets no tab hear another, each is alone. */
export class Tabs {
  // Null where the browser lets no tab hear another.
  #channel;
  #holds;
  #onheld;

  /**
   * `holds(id)`: whether this tab is busy with it; `onheld(ids)` is called when another tab says that it is.
   *
   * @param {string} name
   * @param {{ holds: (id: string) => boolean, onheld: (ids: string[]) => void }} tasks
   */
  constructor(name, { holds, onheld }) {
    this.#holds = holds;
    this.#onheld = onheld;
    this.#channel = opened(name);
    this.#channel?.addEventListener("message", ({ data }) => this.#hear(data));
  }

  /**
   * Ask the others about these ids, and give them a moment to answer.
   *
   * @param {string[]} ids
   */
  async ask(ids) {
    if (!ids.length || !this.#channel) return;
    this.#channel.postMessage({ asked: ids });
    await new Promise((resolve) => setTimeout(resolve, MOST_ANSWERS_WITHIN_MS));
  }

  /**
   * Say that this tab is busy with these from now on.
   *
   * @param {string[]} ids
   */
  tell(ids) {
    this.#channel?.postMessage({ held: ids });
  }

  /** @param {{ asked?: string[], held?: string[] }} message */
  #hear({ asked = [], held = [] }) {
    if (held.length) this.#onheld(held);
    const own = asked.filter((id) => this.#holds(id));
    if (own.length) this.tell(own);
  }
}

/**
 * Open a channel; null where the browser has none, or refuses it since it keeps no data of the site.
 *
 * @param {string} name
 */
function opened(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
