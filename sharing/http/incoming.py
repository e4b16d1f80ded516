"""Parse one HTTP/1.1 request as it arrives: find its end, and refuse it once it is too long.

This only finds the end of a request. What is in it is read by the web server's own parser, which gets exactly these
bytes and no socket: should the two disagree, the request is refused and its connection closed.
"""

import re
from http import HTTPStatus

# Bytes. Browsers send some 2 KB of headers, and cookies may add 4 KB each.
MAX_HEAD = 32 * 1024
# Bytes. The largest request of our own pages is a batch of a hundred files: files themselves go to the bucket.
MAX_BODY = 1024 * 1024
_MAX_SIZE_LINE = 256
# Bytes on the wire for a body in chunks, whatever their size.
_MAX_CHUNKED = 4 * MAX_BODY
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")
_END_OF_HEAD = b"\r\n\r\n"


class RequestRefused(Exception):
    """Raised to stop reading a request."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class ChunkedBody:
    """A body in chunks (RFC 9112, section 7.1), decoded as it arrives. Raises RequestRefused."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.is_complete = False
        self._missing = 0
        self._in_trailer = False
        self._read = 0

    def take_from(self, buffer: bytearray) -> None:
        """Take from the front of `buffer` what belongs to this body."""
        before = len(buffer)
        while buffer and not self.is_complete:
            step = self._take_data if self._missing else self._take_line
            if not step(buffer):
                break
        self._read += before - len(buffer)
        if len(self.body) > MAX_BODY or self._read > _MAX_CHUNKED:
            raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _take_data(self, buffer: bytearray) -> bool:
        """Take bytes of a chunk, then the line break after it. False if that has not arrived yet."""
        if self._missing > 2:
            taken = buffer[: self._missing - 2]
            self.body += taken
            del buffer[: len(taken)]
            self._missing -= len(taken)
            return True
        if len(buffer) < 2:
            return False
        if buffer[:2] != b"\r\n":
            raise RequestRefused(HTTPStatus.BAD_REQUEST)
        del buffer[:2]
        self._missing = 0
        return True

    def _take_line(self, buffer: bytearray) -> bool:
        """Take the line of a chunk's size, or one of the trailer. False if it has not arrived yet."""
        end = buffer.find(b"\r\n", 0, _MAX_SIZE_LINE)
        if end < 0:
            if len(buffer) >= _MAX_SIZE_LINE:
                raise RequestRefused(HTTPStatus.BAD_REQUEST)
            return False
        line = bytes(buffer[:end])
        del buffer[: end + 2]
        if self._in_trailer:
            self.is_complete = not line
            return True
        match = _CHUNK_SIZE.fullmatch(line)
        if not match:
            raise RequestRefused(HTTPStatus.BAD_REQUEST)
        size = int(match[1], 16)
        if len(self.body) + size > MAX_BODY:
            raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self._in_trailer = size == 0
        self._missing = size + 2 if size else 0
        return True


class IncomingRequest:
    """A request that is fed with bytes until it `is_complete`. Bytes after its end are kept in `rest`."""

    def __init__(self) -> None:
        self.head = b""
        self.rest = bytearray()
        self.awaits_continue = False
        # Nobody can say where a request with a contradictory length ends, so no other may follow it.
        self.is_last = False
        self._length = 0
        self._chunks: ChunkedBody | None = None

    @property
    def has_begun(self) -> bool:
        return bool(self.head or self.rest)

    @property
    def held(self) -> int:
        """Return the bytes of it that are in memory."""
        return len(self.head) + len(self.rest) + (len(self._chunks.body) if self._chunks else 0)

    @property
    def method(self) -> str:
        """Return the method; "" while that is unknown."""
        return self._words[0].decode("latin-1")

    @property
    def path(self) -> str:
        """Return the path without query and fragment; "" while that is unknown."""
        words = self._words
        # No browser sends a fragment, and gunicorn drops one: it must not make another page of this.
        return re.split(rb"[?#]", words[1], maxsplit=1)[0].decode("latin-1") if len(words) > 1 else ""

    @property
    def _words(self) -> list[bytes]:
        """Return the words of the request line."""
        return self.head.split(b"\r\n", 1)[0].split(b" ")

    @property
    def is_complete(self) -> bool:
        if not self.head:
            return False
        return self._chunks.is_complete if self._chunks else len(self.rest) >= self._length

    def feed(self, data: bytes) -> None:
        """Take bytes that have arrived. Raises RequestRefused once it is too long."""
        searched = max(0, len(self.rest) - 3)
        self.rest += data
        if not self.head:
            self._look_for_head(searched)
        if self.head and self._chunks:
            self._chunks.take_from(self.rest)

    def take(self) -> bytes:
        """Return the whole request, with a Content-Length. Call it only once it is complete."""
        if self._chunks:
            body = bytes(self._chunks.body)
            lines = [line for line in self._lines() if _name(line) not in {b"transfer-encoding", b"trailer"}]
            head = b"\r\n".join([*lines, b"Content-Length: %d" % len(body)])
            return head + _END_OF_HEAD + body
        body = bytes(self.rest[: self._length])
        del self.rest[: self._length]
        return self.head + body

    def _look_for_head(self, searched: int) -> None:
        end = self.rest.find(_END_OF_HEAD, searched)
        if max(end, 0 if end >= 0 else len(self.rest)) > MAX_HEAD:
            raise RequestRefused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if end >= 0:
            self.head = bytes(self.rest[: end + 4])
            del self.rest[: end + 4]
            self._read_head()

    def _read_head(self) -> None:
        fields: dict[bytes, list[bytes]] = {}
        for line in self._lines()[1:]:
            # Blanks and tabs alone: whoever takes other bytes for nothing finds another end than the proxy in front.
            fields.setdefault(_name(line), []).append(line.partition(b":")[2].strip(b" \t"))
        lengths = fields.get(b"content-length", [])
        codings = fields.get(b"transfer-encoding", [])
        self.awaits_continue = b"expect" in fields
        if codings:
            is_chunked = not lengths and [coding.lower() for coding in codings] == [b"chunked"]
            # HTTP/1.0 knows no chunks (RFC 9112, section 6.1): a proxy may have taken the body for another request.
            if not is_chunked or not self._lines()[0].endswith(b" HTTP/1.1"):
                self.is_last = True
            else:
                self._chunks = ChunkedBody()
        elif lengths:
            self._expect(lengths)

    def _expect(self, lengths: list[bytes]) -> None:
        if len(lengths) > 1 or not re.fullmatch(rb"[0-9]{1,18}", lengths[0]):
            self.is_last = True
            return
        self._length = int(lengths[0])
        if self._length > MAX_BODY:
            raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _lines(self) -> list[bytes]:
        return self.head[:-4].split(b"\r\n")


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].lower()
