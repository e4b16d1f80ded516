// Files that systems and programs leave in folders, which nobody means to send with them.

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
// Pipes and sockets that programs leave among files: most by an ending, some by a name of their own (PostgreSQL, GnuPG,
// ssh-agent).
const SPECIAL =
  /\.(?:fifo|ipc|pipe|sock|socket)$|^\.s\.PGSQL\.\d+$|^S\.(?:gpg-agent|scdaemon|dirmngr|keyboxd|uiserver)\b|^agent\.\d+$/i;

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
 * Return true for what may be a pipe, a socket or a device: browsers give these as files without a byte, as they do
 * empty ones.
 *
 * @param {{ name: string, size: number }} file
 */
export function mayBeSpecial({ name, size }) {
  return size === 0 && (!name.includes(".") || SPECIAL.test(name));
}

/** @param {string} name */
function plain(name) {
  return name.toLowerCase();
}
