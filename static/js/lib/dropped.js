// What a drop brought.

/** {files, folders}: the files, and the names of folders, which look like files but cannot be read as such. */
export function dropped(transfer) {
  const files = [];
  const folders = [];
  for (const item of transfer.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    const file = entry?.isDirectory ? null : item.getAsFile();
    if (file) files.push(file);
    else if (entry) folders.push(entry.name);
  }
  return { files, folders };
}
