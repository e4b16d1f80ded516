// A tus server before the bucket, with its defaults: every byte passes through it (https://tus.io).
// Its settings come as JSON in TUS: the bucket, its endpoint, region and keys, and the port of 127.0.0.1 to listen at.

import { S3Store } from "@tus/s3-store";
import { Server } from "@tus/server";

const { port, bucket, endpoint, region, credentials } = JSON.parse(process.env.TUS);
const datastore = new S3Store({
  s3ClientConfig: { bucket, endpoint, region, credentials, forcePathStyle: true },
});
new Server({ path: "/files", datastore }).listen({ host: "127.0.0.1", port }, () => console.log("ready"));
