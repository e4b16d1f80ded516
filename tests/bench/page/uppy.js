// Uppy's aws-s3 with its defaults: parts of 5 MiB, one after another. It signs here in the page, which spares it a
// round trip for each part: our API cannot sign for it, since it pins parts to lengths of its own.

bench.uppy = async ({ endpoint, region, credentials }) => {
  const { Uppy: Core, AwsS3 } = globalThis.Uppy;
  const getCredentials = async () => ({ credentials, region });
  const uppy = new (Core ?? globalThis.Uppy.Core)().use(AwsS3, { s3Endpoint: endpoint, region, getCredentials });
  const { name, type } = bench.file;
  uppy.addFile({ name, type, data: bench.file });
  const start = performance.now();
  const { successful, failed } = await uppy.upload();
  const seconds = (performance.now() - start) / 1000;
  if (failed.length) throw failed[0].error;
  return { seconds, key: successful[0].response.body.key };
};
