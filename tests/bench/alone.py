"""The throughput of a line when nothing but bytes travels over it: the bench's proxy measured by itself."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.bench.line import Line
from tests.bench.proxy import proxied
from tests.bench.report import Cost, Measured

STREAMS = 6
ROUND_TRIPS = 20
_BLOCK = bytes(256 * 1024)


def line_alone(line: Line, size: int) -> Measured:
    """Seconds until the last of `size` bytes in six streams is answered, and the milliseconds of a round trip."""
    with _server() as server, proxied(line, server) as [port]:
        round_trip = min(_send(port, 1) for _ in range(ROUND_TRIPS))
        start = time.perf_counter()
        with ThreadPoolExecutor(STREAMS) as pool:
            list(pool.map(lambda _: _send(port, size // STREAMS), range(STREAMS)))
        return Measured(
            time.perf_counter() - start, (Cost("the line alone: a round trip", "ms", round_trip * 1000),)
        )


def _send(port: int, size: int) -> float:
    """Send `size` bytes over a connection that is there. Return the seconds until the server has answered the last."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        start = time.perf_counter()
        connection.sendall(size.to_bytes(8))
        sent = 0
        while sent < size:
            sent += connection.send(_BLOCK[: size - sent])
        if connection.recv(1) != b"!":
            raise RuntimeError("The line has lost bytes.")
        return time.perf_counter() - start


@contextlib.contextmanager
def _server() -> Iterator[int]:
    """A server that reads a length of eight bytes and as many bytes, and answers with one; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(STREAMS + 1) as pool:
        threading.Thread(target=_accept, args=(listener, pool), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, pool: ThreadPoolExecutor) -> None:
    with contextlib.suppress(OSError):  # it is closed
        while True:
            pool.submit(_answer, listener.accept()[0])


def _answer(connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as stream:
        left = int.from_bytes(stream.read(8))
        while left:
            left -= len(stream.read(min(left, len(_BLOCK))))
        connection.sendall(b"!")
