"""HEAD requests over connections that are kept open: what one costs is felt, since each download waits for it.

urllib3 and http.client take five times as long, most of it for headers that nobody reads here.
"""

import re
import select
import time
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from django.utils.translation import gettext

_END = b"\r\n\r\n"
_STATUS = re.compile(rb"HTTP/1\.([01]) ([2-5][0-9]{2})[ \r]")
_CLOSES = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)
_MAX_HEAD = 64 * 1024


class Heads:
    """Asks the host of a URL, and keeps at most `kept` connections that nobody uses. Threads may share it."""

    def __init__(self, url: str, *, kept: int) -> None:
        self._url = url
        self._kept = kept
        self._idle: list[_Connection] = []

    def status(self, target: str, *, seconds: float) -> int:
        """Return the status of a HEAD of this path and query. Raises OSError, and TimeoutError after these seconds.

        To look up the name of the host may take longer.
        """
        ends_at = time.monotonic() + seconds
        status = self.status_if_open(target, seconds=seconds)
        return self._ask(_Connection(self._url, seconds), target, ends_at) if status is None else status

    def status_if_open(self, target: str, *, seconds: float) -> int | None:
        """Return the same over an open connection, None where there is none. Raises TimeoutError."""
        ends_at = time.monotonic() + seconds
        while connection := self._idle.pop() if self._idle else None:
            try:
                return self._ask(connection, target, ends_at)
            except TimeoutError:
                raise
            except OSError:
                continue  # the server has closed it
        return None

    def _ask(self, connection: "_Connection", target: str, ends_at: float) -> int:
        try:
            status = connection.ask(target, ends_at)
        except BaseException:
            connection.close()
            raise
        if connection.is_open and len(self._idle) < self._kept:
            self._idle.append(connection)
        else:
            connection.close()
        return status


class _Connection:
    def __init__(self, url: str, seconds: float) -> None:
        """Connect. Raises OSError."""
        address = urlsplit(url)
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        self.is_open = False
        self._http = kind(address.hostname or "", address.port, timeout=seconds)
        self._http.connect()
        self._host = address.netloc
        self._poll = select.poll()
        self._poll.register(self._http.sock, select.POLLIN)
        self.is_open = True

    def ask(self, target: str, ends_at: float) -> int:
        """Return the status. Raises OSError if that is not known by then."""
        if self._poll.poll(0):
            raise ConnectionError("It was closed, or says what nobody asked for.")
        self._within(ends_at)
        self._http.sock.sendall(f"HEAD {target} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
        head, _, rest = self._head(ends_at).partition(_END)
        status = _STATUS.match(head + b"\r")
        if not status:
            raise ConnectionError("The answer is not HTTP/1.")
        # An answer to HEAD has no body: whoever sends one is not asked again over this connection.
        self.is_open = status[1] == b"1" and not rest and not _CLOSES.search(head)
        return int(status[2])

    def close(self) -> None:
        self.is_open = False
        self._http.close()

    def __del__(self) -> None:
        self.close()

    def _head(self, ends_at: float) -> bytes:
        received = b""
        while _END not in received:
            self._within(ends_at)
            more = self._http.sock.recv(16 * 1024)
            if not more or len(received) > _MAX_HEAD:
                raise ConnectionError("The answer is cut off, or has no end.")
            received += more
        return received

    def _within(self, ends_at: float) -> None:
        left = ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError(gettext("There was no answer in time."))
        self._http.sock.settimeout(left)
