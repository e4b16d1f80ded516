// What other tabs of this browser are busy with.

const ANSWERS_WITHIN_MS = 150;

/** Tabs that tell each other which of some ids are theirs. */
export class Tabs {
  #channel;
  #holds;

  /** `holds(id)`: whether this tab is busy with it. */
  constructor(name, holds) {
    this.#holds = holds;
    this.#channel = new BroadcastChannel(name);
    this.#channel.addEventListener("message", ({ data }) => this.#answer(data));
  }

  /** Of these ids, the set of those with which another tab is busy. */
  async heldElsewhere(ids) {
    const held = new Set();
    if (!ids.length) return held;
    const listen = ({ data }) => data.held?.forEach((id) => held.add(id));
    this.#channel.addEventListener("message", listen);
    this.#channel.postMessage({ asked: ids });
    await new Promise((resolve) => setTimeout(resolve, ANSWERS_WITHIN_MS));
    this.#channel.removeEventListener("message", listen);
    return held;
  }

  #answer({ asked }) {
    const held = asked?.filter((id) => this.#holds(id)) ?? [];
    if (held.length) this.#channel.postMessage({ held });
  }
}
