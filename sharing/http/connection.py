"""A client's connection: buffers its request and its answer."""

import errno
import socket
import threading
import time
from typing import Any

from sharing.http.incoming import IncomingRequest

# Seconds. Nobody waits in a thread meanwhile, so they are for the number of open sockets alone.
IDLE_SECONDS = 20.0
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
SEND_SECONDS = 30.0
# Bytes of an answer that wait in memory for a slow reader: more than any page has, and the list of 5,000 files with the
# longest names. A longer one, such as a history, goes at the pace of its reader.
MAX_HELD = 16 * 1024 * 1024
# Threads of a process that may go at a reader's pace at once; with all of them, the site would stand still.
SLOW_AT_ONCE = 4
_WORTH_SENDING = 256 * 1024


_slow_turns = threading.BoundedSemaphore(SLOW_AT_ONCE)


class Outlet:
    """Buffers an answer behind a socket's interface. Waits for its reader only if the answer is very long."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self.held = bytearray()

    def sendall(self, data: bytes) -> None:
        self.held += data
        if len(self.held) > MAX_HELD:
            self._send_slowly()
        elif len(self.held) > _WORTH_SENDING:
            self.flush()

    def flush(self) -> None:
        """Send what can be sent without waiting. Raises OSError if the reader is gone."""
        while self.held:
            try:
                sent = self._peer.send(self.held)
            except BlockingIOError:
                return
            del self.held[:sent]

    def _send_slowly(self) -> None:
        self.flush()
        if len(self.held) <= MAX_HELD:
            return
        if not _slow_turns.acquire(blocking=False):
            raise ConnectionResetError(errno.ECONNRESET, "Too many readers of long answers are slow.")
        self._peer.settimeout(SEND_SECONDS)
        try:
            self._peer.sendall(self.held)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "The reader takes nothing any more.") from error
        finally:
            self._peer.setblocking(False)
            _slow_turns.release()
        self.held.clear()

    # Methods of a socket that gunicorn calls
    def send(self, data: bytes) -> int:
        """Ignore `100 Continue`, which the connection has sent already."""
        return len(data)

    def gettimeout(self) -> float:
        return 0.0

    def setblocking(self, flag: object) -> None:
        """It never blocks."""

    def shutdown(self, how: int) -> None:
        raise OSError(errno.ENOTCONN, "The worker closes connections, not their requests.")

    def close(self) -> None:
        """The worker closes it."""


class Connection:
    """One client's connection. The worker's loop owns it, except while a thread answers."""

    # Attributes that gunicorn's ThreadWorker reads
    initialized = data_ready = True
    is_http2 = False
    parser: Any = None

    def __init__(self, peer: socket.socket, client: Any, server: Any) -> None:
        peer.setblocking(False)
        self.peer = peer
        self.client = client
        self.server = server
        self.sock = Outlet(peer)
        self.request = IncomingRequest()
        self.deadline = 0.0
        self.is_kept = False

    def init(self) -> None:
        """Do nothing: the constructor has done it."""

    @property
    def held(self) -> int:
        """Return the bytes of its request and its answer that are in memory."""
        return self.request.held + len(self.sock.held)

    def wait_at_most(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    def close(self, graceful: bool = False) -> None:
        self.peer.close()
