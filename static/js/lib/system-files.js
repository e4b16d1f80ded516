// Names of files and folders that tell what they are: those that systems and programs leave in folders, which nobody
// means to send with them, and those that are empty on purpose.

const FILES = new Set(
  [
    ".DS_Store",
    ".localized",
    "Icon\r",
    "Thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    ".directory",
    ".dropbox",
    ".dropbox.attr",
  ].map(plain),
);
const FOLDERS = new Set(
  [
    "__MACOSX",
    ".AppleDB",
    ".AppleDesktop",
    ".AppleDouble",
    ".DocumentRevisions-V100",
    ".Spotlight-V100",
    ".TemporaryItems",
    ".Trashes",
    ".dropbox.cache",
    ".fseventsd",
    "$RECYCLE.BIN",
    "System Volume Information",
  ].map(plain),
);
// The owner files of Microsoft Office and of LibreOffice, there while somebody has the document open.
const LOCKS = /^(?:~\$.+\.(?:do[ct]|xl[sat]|p[op][ts]|vs[dst]|pub|rtf|csv|od[fgpst])[abmx]?|\.~lock\..+#)$/i;
// The stub that iCloud Drive leaves in place of a file that it has taken away: a few hundred bytes.
const PLACEHOLDER = /^\.(.+)\.icloud$/i;
const LARGEST_PLACEHOLDER = 4096;
// Files that say all they have to say by being there: markers of Python packages, of folders kept in version control, and
// of folders that a program is to leave alone.
const MARKERS = new Set([
  "__init__.py",
  "__init__.pyi",
  "py.typed",
  ".gitkeep",
  ".keep",
  ".placeholder",
  ".nojekyll",
  ".nomedia",
  ".npmignore",
]);

/**
 * Return true for a file of this name in a folder that a person chose as a whole.
 *
 * @param {string} name
 */
export function isSystemFile(name) {
  return FILES.has(plain(name)) || LOCKS.test(name);
}

/**
 * Return true for a folder of this name within one that a person chose.
 *
 * @param {string} name
 */
export function isSystemFolder(name) {
  return FOLDERS.has(plain(name));
}

/**
 * Return the name of the file whose attributes macOS keeps in the one of this name, on disks that have no place for
 * them; or "".
 *
 * @param {string} name
 */
export function describedBy(name) {
  return name.startsWith("._") ? name.slice(2) : "";
}

/**
 * Return the name of the file in iCloud that this one stands for, or "".
 *
 * @param {{ name: string, size: number }} file
 */
export function awayInCloud({ name, size }) {
  return size <= LARGEST_PLACEHOLDER ? (PLACEHOLDER.exec(name)?.[1] ?? "") : "";
}

/**
 * Return true for a file of this name in a folder that is meant to have no byte.
 *
 * @param {string} name
 */
export function isEmptyOnPurpose(name) {
  return MARKERS.has(plain(name));
}

/**
 * Return the path of the file or folder by which this one is of a system, or "". Of a folder that was picked, all is
 * known at once.
 *
 * @param {string} name
 * @param {string} path
 * @param {Set<string> | null} places
 */
export function systemPart(name, path, places) {
  if (!places) return "";
  const [top, ...steps] = path.split("/");
  const at = steps.findIndex(isSystemFolder);
  if (at >= 0) return [top, ...steps.slice(0, at + 1)].join("/");
  const described = describedBy(name);
  return isSystemFile(name) || (described && places.has(`${path}/${described}`)) ? `${path}/${name}` : "";
}

/** @param {string} name */
function plain(name) {
  return name.toLowerCase();
}
