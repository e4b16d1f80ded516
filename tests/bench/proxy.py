"""A far or slow line to servers on this machine, which all connections to them share.

`python -m tests.bench.proxy <milliseconds each way> <Mbit/s, 0 for no limit> <port>:<port of the server> …`
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
from tests.bench.line import PIECE, Line, Queue


class Direction:
    """One way over the line. What is sent here is done in order for each connection."""

    def __init__(self, line: Line) -> None:
        self.delay = line.delay / 1000
        self._queue = None if line.bytes_per_second is None else Queue(line.bytes_per_second)
        self._timer: asyncio.TimerHandle | None = None
        self._later: deque[Callable[[], None]] = deque()

    def send(self, connection: object, size: int, arrive: Callable[[], None]) -> None:
        """Call `arrive` when `size` bytes of this connection have come to the other end."""
        if self._queue is None:
            self._travel(arrive)
            return
        self._queue.put(connection, size, partial(self._travel, arrive), self._now())
        self._serve()

    def _serve(self) -> None:
        assert self._queue is not None
        if self._timer:
            self._timer.cancel()
        next_at = self._queue.serve(self._now())
        self._timer = None if next_at is None else asyncio.get_running_loop().call_at(next_at, self._serve)

    def _travel(self, arrive: Callable[[], None]) -> None:
        if not self.delay:
            arrive()
            return
        # Each timer takes the oldest, so that two that are due at once keep their order.
        self._later.append(arrive)
        asyncio.get_running_loop().call_later(self.delay, self._do_oldest)

    def _do_oldest(self) -> None:
        self._later.popleft()()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


class Side(asyncio.Protocol):
    """One of two connections that belong together: what arrives here leaves from the other one."""

    other: "Side"

    def __init__(self, direction: Direction, window: int) -> None:
        self.direction = direction
        self.window = window
        self.held = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=self.window)

    def data_received(self, data: bytes) -> None:
        self.held += len(data)
        if self.held > self.window:
            self.transport.pause_reading()
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            self.direction.send(self, len(piece), partial(self._pass_on, piece))

    def eof_received(self) -> bool:
        self.direction.send(self, 0, self._pass_on_end)
        return True

    def connection_lost(self, error: Exception | None) -> None:
        self.direction.send(self, 0, self.other.transport.close)

    def pause_writing(self) -> None:
        self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        self.other.transport.resume_reading()

    def _pass_on(self, data: bytes) -> None:
        self.held -= len(data)
        if not self.other.transport.is_closing():
            self.other.transport.write(data)
        if self.held <= self.window < self.held + len(data):
            self.transport.resume_reading()

    def _pass_on_end(self) -> None:
        # The other one may have gone without having said so.
        with contextlib.suppress(OSError):
            if not self.other.transport.is_closing():
                self.other.transport.write_eof()


class FrontSide(Side):
    """The connection that a client opened; nothing is read from it before the server is reached."""

    def __init__(self, up: Direction, down: Direction, window: int, server_port: int) -> None:
        super().__init__(up, window)
        self.down = down
        self.server_port = server_port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.pause_reading()
        self._reaching = asyncio.ensure_future(self._reach())

    def connection_lost(self, error: Exception | None) -> None:
        if hasattr(self, "other"):
            super().connection_lost(error)

    async def _reach(self) -> None:
        back = Side(self.down, self.window)
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


async def serve(line: Line, ports: dict[int, int]) -> None:
    """Pass on what comes to each port that is a key to the port that is its value, over one line."""
    loop = asyncio.get_running_loop()
    up, down = Direction(line), Direction(line)
    for port, server_port in ports.items():
        await loop.create_server(partial(FrontSide, up, down, line.window, server_port), "127.0.0.1", port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


@contextlib.contextmanager
def proxied(line: Line, *server_ports: int) -> Iterator[list[int]]:
    """A proxy in a process of its own before these ports of 127.0.0.1; gives its own ports, in their order."""
    ports = free_ports(len(server_ports))
    words = [
        str(line.delay),
        str(line.rate or 0),
        *(f"{port}:{server}" for port, server in zip(ports, server_ports, strict=True)),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.proxy", *words], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("The proxy did not start.")
            yield ports
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    pairs = (pair.split(":") for pair in sys.argv[3:])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            serve(
                Line(int(sys.argv[1]), float(sys.argv[2]) or None),
                {int(port): int(server) for port, server in pairs},
            )
        )
