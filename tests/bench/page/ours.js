// Waybill's own uploader, put together as static/js/elements/file-drop.js does it. All that names its modules is here.

/** `modules`: the addresses of lib/api.js and of queue.js, records.js and source.js in uploads/. */
bench.ours = async (modules, { withChecksums }) => {
  const [{ Api }, { Queue }, { Records }, { FileSource }] = await Promise.all(modules.map((url) => import(url)));
  const { api: base, csrfToken, hashWorker, largestForm } = document.querySelector("file-drop").dataset;
  const api = new Api({ base, csrfToken, renewCsrfToken: async () => null });
  const queue = new Queue({
    records: new Records(api),
    // Without the worker there are no hashes, as in a page without crypto.subtle.
    hashWorkerUrl: withChecksums ? hashWorker : "",
    largestForm: Number(largestForm),
  });
  const idle = new Promise((resolve) => queue.addEventListener("idle", resolve, { once: true }));
  const start = performance.now();
  const upload = queue.add(new FileSource(bench.file));
  await idle;
  const seconds = (performance.now() - start) / 1000;
  if (upload.state !== "ready") throw new Error(`${upload.state}: ${upload.problem?.text}`);
  return { seconds, file: upload.record.file };
};
