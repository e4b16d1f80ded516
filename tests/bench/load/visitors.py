"""Visitors: each asks again as soon as it has its answer, on a connection that it keeps."""

import asyncio
import contextlib
import math
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

# Seconds that a visitor waits for an answer, and so the longest time that is seen here.
TIMEOUT = 60.0
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


@dataclass
class Answers:
    """The answers that one kind of visitor got. `wanted` is the status of a right answer."""

    name: str
    wanted: int
    seconds: list[float] = field(default_factory=list)
    answered_at: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def note(self, what: int | str, began_at: float) -> None:
        now = time.monotonic()
        self.answered_at.append(now)
        self.seconds.append(now - began_at)
        if what != self.wanted:
            self.wrong[str(what)] += 1

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the requests was answered."""
        ordered = sorted(self.seconds)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan

    def longest_silence(self, began_at: float, ended_at: float) -> float:
        """The longest time in which nobody of this kind got an answer, in seconds."""
        moments = [began_at, *sorted(at for at in self.answered_at if at < ended_at), ended_at]
        return max(later - earlier for earlier, later in pairwise(moments))


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self, port: int) -> bytes:
        headers = {"Host": f"127.0.0.1:{port}", "User-Agent": BROWSER, **self.headers}
        if self.method == "POST":
            headers["Content-Length"] = "0"
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
        return "\r\n".join([*lines, "", ""]).encode()


class Connection:
    """A connection that is kept, and opened again where the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._writer: asyncio.StreamWriter | None = None

    async def status_of(self, request: Request) -> int:
        """Ask, read the answer to its end and return its status. Raises OSError, EOFError, TimeoutError."""
        is_kept = self._writer is not None
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._ask(request)
        except (ConnectionError, EOFError):
            self.close()
            if not is_kept:
                raise
            # A kept connection may have been closed in between, as browsers know.
            return await self.status_of(request)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._writer = None

    async def _ask(self, request: Request) -> int:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(request.encode(self.port))
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        _, _, length = head.partition(b"content-length:")
        if length:
            await self._reader.readexactly(int(length.split(b"\r\n", 1)[0]))
        elif b"transfer-encoding: chunked" in head:
            await self._reader.readuntil(b"\r\n0\r\n\r\n")
        if b"connection: close" in head:
            self.close()
        return status


class Load:
    """Everybody who comes at once."""

    def __init__(self, port: int, *, pause: float = 0) -> None:
        self.port = port
        self.pause = pause
        self.began_at = time.monotonic()
        self._is_over = asyncio.Event()

    async def visit(self, answers: Answers, requests: Iterator[Request]) -> None:
        """Ask again and again until the load is over."""
        with contextlib.closing(Connection(self.port)) as connection:
            while not self._is_over.is_set():
                await self.ask(answers, next(requests), connection)
                if self.pause:
                    await asyncio.sleep(self.pause)

    async def ask(self, answers: Answers, request: Request, connection: Connection) -> None:
        began_at = time.monotonic()
        what: int | str
        try:
            what = await connection.status_of(request)
        except (OSError, EOFError) as error:
            what = type(error).__name__
            await asyncio.sleep(0.1)
        answers.note(what, began_at)

    def end(self) -> None:
        self._is_over.set()
