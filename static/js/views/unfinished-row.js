// A row of the list "Unfinished uploads".

import { portion, size as sizeOf } from "../lib/format.js";
import { visible } from "../lib/names.js";
import { gettext, interpolate } from "../lib/translation.js";
import { storedBytes } from "../uploads/unfinished.js";
import { copyOf, partsOf } from "./parts.js";

/** @typedef {import("../uploads/unfinished.js").Item} Item */

/**
 * Actions of a row's buttons.
 *
 * @typedef {Record<"resume" | "sendAsNew" | "choose" | "cancel", (item: Item) => void>} Actions
 */

const PARTS = {
  name: HTMLElement,
  folder: HTMLElement,
  path: HTMLElement,
  figures: HTMLElement,
  bar: HTMLProgressElement,
  problem: HTMLElement,
  elsewhere: HTMLElement,
  "go-on": HTMLButtonElement,
  "choose-file": HTMLButtonElement,
  anew: HTMLButtonElement,
  cancel: HTMLButtonElement,
};

/**
 * Return a new row for an unfinished upload.
 *
 * @param {HTMLElement} host the element with the template "unfinished-row"
 * @param {Item} item
 * @param {Actions} actions
 */
export function unfinishedRow(host, item, actions) {
  const { record, problem, canResume, other } = item;
  const row = copyOf(host, "unfinished-row");
  const parts = partsOf(row, PARTS);
  const name = visible(record.file.name);
  parts.name.textContent = name;
  parts.path.textContent = visible(record.file.path);
  if (!record.file.path) parts.folder.remove();
  const stored = storedBytes(record);
  parts.figures.textContent = figuresOf(item, stored);
  parts.bar.value = record.size ? stored / record.size : 0;
  parts.bar.setAttribute("aria-label", name);
  parts.problem.textContent = problem;
  parts.problem.hidden = !problem;
  parts.elsewhere.hidden = !record.is_sent_elsewhere;
  parts.cancel.hidden = record.is_sent_elsewhere;
  parts["go-on"].hidden = !canResume;
  if (canResume) parts["choose-file"].textContent = gettext("Choose file");
  parts.anew.hidden = !other;
  listen(parts["go-on"], () => actions.resume(item), name);
  listen(parts.anew, () => actions.sendAsNew(item), name);
  listen(parts["choose-file"], () => actions.choose(item), name);
  listen(parts.cancel, () => actions.cancel(item), name);
  return row;
}

/**
 * @param {HTMLButtonElement} button
 * @param {() => void} act
 * @param {string} name that of the file
 */
function listen(button, act, name) {
  button.addEventListener("click", act);
  button.setAttribute("aria-description", name);
}

/**
 * Return how much of an upload is there, in words.
 *
 * @param {Item} item
 * @param {number} stored
 */
function figuresOf({ record, isMeasured }, stored) {
  const size = sizeOf(record.size);
  if (stored) return interpolate(gettext("%(portion)s uploaded"), { portion: portion(stored, record.size) });
  return isMeasured ? interpolate(gettext("%(size)s, nothing uploaded yet"), { size }) : size;
}
