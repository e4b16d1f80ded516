// Brings an element of the page up to date without taking anything from under somebody's fingers.

// Rows: without an id of its own nobody knows which one it is, so no two are mixed.
const ROWS = "tr, li";
// Controls: whoever points at one or has the focus in it is about to use it.
const CONTROLS = "a, button, input, label, select, summary, textarea";
// Elements that are open or at work, such as a download of one's own.
const OPEN = 'details[open], dialog[open], [aria-busy="true"]';

/**
 * Make `old` what `renewed` is, and return true, unless somebody is busy in it: then all that they do not touch is
 * renewed, and false is returned if something was left. `renewed` stays as it is.
 *
 * @param {Element} old
 * @param {Element} renewed
 * @returns {boolean}
 */
export function morph(old, renewed) {
  if (isSameTime(old, renewed)) return true;
  if (!isBusy(old)) {
    old.replaceWith(document.importNode(renewed, true));
    return true;
  }
  if (old.isEqualNode(renewed)) return true;
  if (old.localName !== renewed.localName || old.id !== renewed.id || isWhole(old)) return false;
  const children = [...old.children];
  if (children.length) return isKeyed(children) ? morphRows(old, renewed) : morphInOrder(old, renewed);
  old.replaceWith(document.importNode(renewed, true));
  return true;
}

/**
 * Renew the rows that both have. Others would push those away that somebody points at, so they wait.
 *
 * @param {Element} old
 * @param {Element} renewed
 */
function morphRows(old, renewed) {
  const byId = new Map([...renewed.children].map((row) => [row.id, row]));
  const before = [...old.children].map(({ id }) => id).join();
  let isDone = before === [...byId.keys()].join();
  for (const row of [...old.children]) {
    const next = byId.get(row.id);
    if (next) isDone = morph(row, next) && isDone;
  }
  return isDone;
}

/**
 * Renew children that stand in the same order. The words between them are part of it.
 *
 * @param {Element} old
 * @param {Element} renewed
 */
function morphInOrder(old, renewed) {
  const [now, next] = [told(old), told(renewed)];
  if (now.length !== next.length || now.some((node, place) => node.nodeName !== next[place]?.nodeName)) return false;
  let isDone = true;
  for (const [place, node] of now.entries()) {
    const other = next[place];
    if (node instanceof Element && other instanceof Element) isDone = morph(node, other) && isDone;
    else if (node.nodeValue !== other?.nodeValue) node.nodeValue = other?.nodeValue ?? "";
  }
  return isDone;
}

/**
 * Return true if somebody points at it, has the focus in it, or has opened, ticked, typed or marked anything there.
 *
 * @param {Element} element
 */
function isBusy(element) {
  const focused = document.activeElement;
  if (element.matches(":hover") || (focused !== document.body && element.contains(focused))) return true;
  if (element.matches(OPEN) || element.querySelector(OPEN)) return true;
  const marked = getSelection();
  if (marked && !marked.isCollapsed && marked.containsNode(element, true)) return true;
  const fields = [element, ...element.querySelectorAll("input, textarea, select")];
  return fields.some(isFilledIn) || isOpenPopover(element);
}

/** @param {Element} field */
function isFilledIn(field) {
  if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
    return field.checked !== field.defaultChecked;
  }
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    return field.value !== field.defaultValue;
  }
  if (!(field instanceof HTMLSelectElement)) return false;
  const initial = [...field.options].findIndex(({ defaultSelected }) => defaultSelected);
  return field.selectedIndex !== Math.max(0, initial);
}

/** @param {Element} element */
function isOpenPopover(element) {
  try {
    return element.querySelector(":popover-open") !== null;
  } catch {
    // A browser without popovers does not know the selector.
    return false;
  }
}

/**
 * Return true if both are the same time, which a script has written in the reader's own way.
 *
 * @param {Element} old
 * @param {Element} renewed
 */
function isSameTime(old, renewed) {
  if (old.localName !== "local-time") return false;
  const [now, next] = [old, renewed].map((element) => element.querySelector("time")?.getAttribute("datetime"));
  return now === next;
}

/**
 * Return true if it is left alone or replaced as a whole. What an element of ours has made of itself cannot be told from
 * what the server drew.
 *
 * @param {Element} element
 */
function isWhole(element) {
  return element.localName.includes("-") || element.matches(CONTROLS) || (element.matches(ROWS) && !element.id);
}

/** @param {Element[]} children */
function isKeyed(children) {
  return children.every((child) => child.id && child.matches(ROWS));
}

/**
 * Return the child nodes without comments and the white space between elements.
 *
 * @param {Element} element
 */
function told(element) {
  return [...element.childNodes].filter(
    (node) => node instanceof Element || (node instanceof Text && node.data.trim() !== ""),
  );
}
