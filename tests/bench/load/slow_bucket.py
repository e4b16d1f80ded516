"""A bucket that takes its time to say whether an upload has arrived, and answers all else at once.

`python -m tests.bench.load.slow_bucket <port to listen at> <port of the bucket> <seconds>`
It delays what the app asks to complete an upload: joining parts, and a HEAD that asks for digests.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator

from sharing.storage.embedded import free_ports

READ_BYTES = 64 * 1024


@contextlib.contextmanager
def slow_bucket(port: int, seconds: float) -> Iterator[int]:
    """Run it before the bucket at `port`, in a process of its own, and give its port."""
    [listening] = free_ports(1)
    command = [sys.executable, "-m", "tests.bench.load.slow_bucket", *map(str, (listening, port, seconds))]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield listening
        finally:
            process.terminate()


def completes(request: bytes) -> bool:
    """True if these bytes begin a request that a completion makes."""
    head = request.split(b"\r\n\r\n", 1)[0]
    line = head.split(b"\r\n", 1)[0]
    is_join = line.startswith(b"POST ") and b"uploadId=" in line
    return is_join or (line.startswith(b"HEAD ") and b"x-amz-checksum-mode" in head.lower())


class SlowBucket:
    def __init__(self, port: int, seconds: float) -> None:
        self.port = port
        self.seconds = seconds

    async def serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        bucket, to_bucket = await asyncio.open_connection("127.0.0.1", self.port)
        answers = asyncio.create_task(_copy(bucket, to_client))
        with contextlib.suppress(ConnectionError):
            while data := await client.read(READ_BYTES):
                if completes(data):
                    await asyncio.sleep(self.seconds)
                to_bucket.write(data)
                await to_bucket.drain()
        to_bucket.close()
        await answers


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(READ_BYTES):
            target.write(data)
            await target.drain()
    target.close()


async def main(listening: int, port: int, seconds: float) -> None:
    server = await asyncio.start_server(SlowBucket(port, seconds).serve, "127.0.0.1", listening)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
