// Common to rows of one upload and of several: buttons that take each other's place, and when a row is in use.

import { isPressed } from "./panel-button.js";

/**
 * Have a press of `button` do `act()`. Where that hides the button, the focus goes to the first of `others` that is shown.
 *
 * @param {HTMLElement} button
 * @param {() => void} act
 * @param {HTMLElement[]} others
 */
export function onPress(button, act, others) {
  button.addEventListener("click", () => {
    act();
    if (button.hidden) others.find(({ hidden }) => !hidden)?.focus();
  });
}

/**
 * Return true if a person would miss the row: it shows a link or its options, or has the focus.
 *
 * @param {HTMLElement} row
 * @param {{ link: HTMLElement, options: HTMLButtonElement }} parts
 */
export function isInUse(row, { link, options }) {
  return !link.hidden || isPressed(options) || row.contains(document.activeElement);
}
