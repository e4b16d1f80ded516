"""A long line to a server on this machine: every byte arrives later, as many a second as ever.

`python -m tests.bench.proxy <port to listen at> <port of the server> <milliseconds each way>`
What it does not imitate: the round trip of opening a connection, a slow start, loss.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

from sharing.storage.embedded import free_ports

# Far more than travels in 40 ms at any speed seen here, and still an end.
MAX_HELD = 64 * 1024 * 1024


class Side(asyncio.Protocol):
    """One of the two connections; what arrives here leaves from the other one, `delay` seconds later."""

    other: "Side"

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.held = 0
        self._later: deque[Callable[[], None]] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=MAX_HELD)

    def data_received(self, data: bytes) -> None:
        self.held += len(data)
        if self.held > MAX_HELD:
            self.transport.pause_reading()
        self._after_delay(partial(self._pass_on, data))

    def eof_received(self) -> bool:
        self._after_delay(self._pass_on_end)
        return True

    def connection_lost(self, error: Exception | None) -> None:
        self._after_delay(self.other.transport.close)

    def pause_writing(self) -> None:
        self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        self.other.transport.resume_reading()

    def _after_delay(self, work: Callable[[], None]) -> None:
        if not self.delay:
            work()
            return
        # Each timer takes the oldest, so that two that are due at once keep their order.
        self._later.append(work)
        asyncio.get_running_loop().call_later(self.delay, self._do_oldest)

    def _do_oldest(self) -> None:
        self._later.popleft()()

    def _pass_on(self, data: bytes) -> None:
        self.held -= len(data)
        if not self.other.transport.is_closing():
            self.other.transport.write(data)
        if self.held <= MAX_HELD < self.held + len(data):
            self.transport.resume_reading()

    def _pass_on_end(self) -> None:
        # The other one may have gone without having said so.
        with contextlib.suppress(OSError):
            if not self.other.transport.is_closing():
                self.other.transport.write_eof()


class FrontSide(Side):
    """The connection that a client opened; nothing is read from it before the server is reached."""

    def __init__(self, delay: float, server_port: int) -> None:
        super().__init__(delay)
        self.server_port = server_port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.pause_reading()
        self._reaching = asyncio.ensure_future(self._reach())

    def connection_lost(self, error: Exception | None) -> None:
        if hasattr(self, "other"):
            super().connection_lost(error)

    async def _reach(self) -> None:
        back = Side(self.delay)
        back.other = self
        try:
            await asyncio.get_running_loop().create_connection(lambda: back, "127.0.0.1", self.server_port)
        except OSError:
            self.transport.close()
            return
        self.other = back
        if self.transport.is_closing():
            back.transport.close()
        else:
            self.transport.resume_reading()


async def serve(port: int, server_port: int, delay: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: FrontSide(delay, server_port), "127.0.0.1", port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextlib.contextmanager
def delayed(server_port: int, milliseconds: int) -> Iterator[int]:
    """A proxy in a process of its own before this port of 127.0.0.1; gives the port it listens at."""
    [port] = free_ports(1)
    words = [str(number) for number in (port, server_port, milliseconds)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.proxy", *words], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("The proxy did not start.")
            yield port
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    listen, target, wait = map(int, sys.argv[1:])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(listen, target, wait / 1000))
