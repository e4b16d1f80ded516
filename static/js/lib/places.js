// Paths of files that were picked, and of the folders that they lie in.

/**
 * Return the paths of these files and of all folders that they lie in.
 *
 * @param {{ file: File | null, path: string }[]} chosen
 */
export function placesIn(chosen) {
  /** @type {Set<string>} */
  const places = new Set();
  for (const { file, path } of chosen) {
    if (!file || !path) continue;
    places.add(`${path}/${file.name}`);
    for (let place = path; place && !places.has(place); place = folderOf(place)) places.add(place);
  }
  return places;
}

/**
 * Return the folder of a file, or "".
 *
 * @param {string} relativePath
 */
export function folderOf(relativePath) {
  return relativePath.split("/").slice(0, -1).join("/");
}
