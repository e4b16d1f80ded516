// tus-js-client with its defaults: the whole file in one PATCH, to the server of tus.mjs.

bench.tus = async (endpoint) => {
  const start = performance.now();
  const url = await new Promise((resolve, reject) => {
    const upload = new globalThis.tus.Upload(bench.file, {
      endpoint,
      onError: reject,
      onSuccess: () => resolve(upload.url),
    });
    upload.start();
  });
  return { seconds: (performance.now() - start) / 1000, key: url.split("/").pop() };
};
