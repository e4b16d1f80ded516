// The limit: nothing but the requests, all signed before the clock starts.

/** Parts of 16 MiB, four at a time, without hashes. */
bench.bare = async () => {
  const { name, size, type } = bench.file;
  const upload = await bench.ask("POST", "/api/v1/uploads/", { name, size, type, checksum: "none" });
  const path = `/api/v1/uploads/${upload.id}/`;
  const parts = [];
  while (parts.length < upload.part_count) {
    const count = Math.min(100, upload.part_count - parts.length);
    const numbers = Array.from({ length: count }, (_, index) => ({ number: parts.length + index + 1 }));
    parts.push(...(await bench.ask("POST", `${path}parts/`, { parts: numbers })).parts);
  }
  const seconds = await bench.clock(parts.length, 4, (index) => {
    const { number, url, headers } = parts[index];
    const start = (number - 1) * upload.part_size;
    // slice() drops the type, which would otherwise become a header that nobody signed.
    return bench.send("PUT", url, bench.file.slice(start, Math.min(start + upload.part_size, size)), headers);
  });
  return { seconds, file: (await bench.ask("POST", `${path}completion/`)).file };
};

/** `count` forms with `size` bytes each, `lanes` at a time. One signature is for all of them. */
bench.bareForms = async ({ url, fields, prefix }, { count, size, lanes }) => {
  await bench.makeFile(count * size);
  const seconds = await bench.clock(count, lanes, (index) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.set("key", `${prefix}${index}`);
    body.append("file", bench.file.slice(index * size, (index + 1) * size), "file");
    return bench.send("POST", url, body);
  });
  return { seconds };
};
