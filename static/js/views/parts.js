// The elements of a page that scripts work with: the templates mark them with `data-part`.

/** @typedef {new () => Element} Kind */

/**
 * Return the element with this `data-part` under `root`. Throws TypeError where none of this kind is.
 *
 * @template {Kind} Class
 * @param {ParentNode} root
 * @param {string} name
 * @param {Class} kind
 * @returns {InstanceType<Class>}
 */
export function partOf(root, name, kind) {
  const element = root.querySelector(`[data-part="${name}"]`);
  if (!isA(element, kind)) throw new TypeError(`The page has no part "${name}".`);
  return element;
}

/**
 * Return several of them by their names.
 *
 * @template {Record<string, Kind>} Kinds
 * @param {ParentNode} root
 * @param {Kinds} kinds
 * @returns {{ [Name in keyof Kinds]: InstanceType<Kinds[Name]> }}
 */
export function partsOf(root, kinds) {
  /** @type {Partial<{ [Name in keyof Kinds]: InstanceType<Kinds[Name]> }>} */
  const parts = {};
  for (const name in kinds) parts[name] = partOf(root, name, kinds[name]);
  return /** @type {{ [Name in keyof Kinds]: InstanceType<Kinds[Name]> }} */ (parts);
}

/**
 * Return a copy of the only element of the template with this `data-part`.
 *
 * @param {ParentNode} root
 * @param {string} name
 */
export function copyOf(root, name) {
  const copy = partOf(root, name, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new TypeError(`The template "${name}" is empty.`);
  return copy;
}

/**
 * @template {Kind} Class
 * @param {Element | null} element
 * @param {Class} kind
 * @returns {element is InstanceType<Class>}
 */
function isA(element, kind) {
  return element instanceof kind;
}
