"""Load on a web server: processes that ask on connections which they keep, each as soon as it has its answer.

Python's own HTTP clients need more processor time for a request than the views that are measured, and would be measured
with them: requests are bytes that are made before, and of an answer its status and its end are read.
"""

import multiprocessing
import selectors
import socket
import time
from collections import Counter
from dataclasses import dataclass
from itertools import cycle

READ_BYTES = 256 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Answers:
    """The number of answers with the status that was wanted, and of those with another."""

    right: int
    wrong: int


@dataclass(frozen=True)
class Load:
    """`status` is what every answer should have. Connections and paths are shared out among the processes."""

    port: int
    method: str
    paths: list[str]
    status: int
    connections: int
    processes: int = 2

    def put(self, seconds: float) -> "Answers":
        """Ask for so long."""
        with multiprocessing.get_context("spawn").Pool(self.processes) as pool:
            # The processes are there before the first of them begins.
            pool.map(time.sleep, [0.1] * self.processes, chunksize=1)
            shares = [(self, share, seconds) for share in range(self.processes)]
            answers = pool.starmap(_answers, shares, chunksize=1)
        return Answers(sum(it.right for it in answers), sum(it.wrong for it in answers))

    def requests(self, share: int) -> list[bytes]:
        paths = self.paths[share :: self.processes] or self.paths
        length = "Content-Length: 0\r\n" if self.method == "POST" else ""
        lines = f"Host: 127.0.0.1:{self.port}\r\nUser-Agent: bench\r\n{length}\r\n"
        return [f"{self.method} {path} HTTP/1.1\r\n{lines}".encode() for path in paths]


class _Client:
    """One connection. Its request is sent again once it is answered."""

    def __init__(self, port: int) -> None:
        self.peer = socket.create_connection(("127.0.0.1", port))
        self.peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # True once the server has said that it answers no more here, as a worker does that is replaced.
        self.is_last = False
        self._read = bytearray()

    def ask(self, request: bytes) -> None:
        self._read.clear()
        self.peer.sendall(request)

    def status(self) -> int:
        """Read what has arrived, and return the status once the answer is whole, until then 0. Raises RuntimeError."""
        data = self.peer.recv(READ_BYTES)
        if not data:
            raise RuntimeError("The server has closed a connection.")
        self._read += data
        end = self._read.find(_END_OF_HEAD)
        if end < 0:
            return 0
        head = bytes(self._read[:end]).lower()
        self.is_last = b"\r\nconnection: close" in head
        _, _, rest = head.partition(_LENGTH)
        is_whole = len(self._read) >= end + len(_END_OF_HEAD) + int(rest.split(b"\r\n", 1)[0])
        return int(head.split(b" ", 2)[1]) if is_whole else 0


def _answers(load: Load, share: int, seconds: float) -> Answers:
    requests = cycle(load.requests(share))
    selector = selectors.DefaultSelector()

    def begin() -> None:
        client = _Client(load.port)
        selector.register(client.peer, selectors.EVENT_READ, client)
        client.ask(next(requests))

    for _ in range(max(1, load.connections // load.processes)):
        begin()
    statuses: Counter[int] = Counter()
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        for key, _ in selector.select(timeout=1):
            client = key.data
            if status := client.status():
                statuses[status] += 1
                if client.is_last:
                    selector.unregister(client.peer)
                    client.peer.close()
                    begin()
                else:
                    client.ask(next(requests))
    for key in list(selector.get_map().values()):
        key.data.peer.close()
    right = statuses.pop(load.status, 0)
    return Answers(right, statuses.total())
