"""Meters: bytes between browser and app, and memory of the app's processes."""

import contextlib
import selectors
import socket
import threading
from pathlib import Path
from typing import Self


class CountingProxy:
    """A TCP proxy on 127.0.0.1 to `target`, a port there; `count` is the bytes that passed both ways."""

    def __init__(self) -> None:
        self.target = 0
        self.count = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._listener.close()

    def forget(self) -> None:
        self.count = 0

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with (
            client,
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.target)) as server,
            selectors.DefaultSelector() as ready,
        ):
            other = {client: server, server: client}
            for end in other:
                ready.register(end, selectors.EVENT_READ)
            while self._pass_on(ready, other):
                pass

    def _pass_on(self, ready: selectors.BaseSelector, other: dict[socket.socket, socket.socket]) -> bool:
        for key, _ in ready.select():
            source = key.fileobj
            assert isinstance(source, socket.socket)
            data = source.recv(65536)
            if not data:
                return False
            self.count += len(data)
            other[source].sendall(data)
        return True


def memory_of(pids: set[int]) -> int:
    """Bytes of the processes that are the app's own: Python, and not the bucket."""
    return sum(_resident(pid) for pid in pids if "python" in _command(pid))


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode()
    return ""


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0
