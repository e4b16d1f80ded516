"""A simulated line: so many leave in a second, those of all connections in turn, and they arrive later.

A `Queue` does not wait itself: the proxy asks it when the next piece is due. So it is tested without a clock.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

MEGABIT = 1_000_000 / 8
# Bytes of one connection that leave before it is the next one's turn.
PIECE = 16 * 1024
# Far more than travels in 40 ms at any speed seen here, and still an end.
UNLIMITED_WINDOW = 64 * 1024 * 1024
MIN_WINDOW = 256 * 1024


@dataclass(frozen=True)
class Line:
    """Milliseconds each way, and megabits a second in each direction for all connections together; None is no limit."""

    delay: int
    rate: float | None = None

    @property
    def bytes_per_second(self) -> float | None:
        return None if self.rate is None else self.rate * MEGABIT

    @property
    def window(self) -> int:
        """Bytes that one connection may have under way: what travels in a round trip, so that it can fill the line."""
        if self.bytes_per_second is None:
            return UNLIMITED_WINDOW
        return max(MIN_WINDOW, round(2 * self.bytes_per_second * self.delay / 1000))

    def __str__(self) -> str:
        delay = f"{self.delay} ms each way"
        return delay if self.rate is None else f"{self.rate:g} Mbit/s, {delay}"


@dataclass(frozen=True)
class _Piece:
    size: int
    arrived_at: float
    leave: Callable[[], None]


class Queue:
    """The pieces that wait at one end of a line, a queue for each connection, served in turn (RFC 8290)."""

    def __init__(self, bytes_per_second: float) -> None:
        self.bytes_per_second = bytes_per_second
        self._waiting: dict[object, deque[_Piece]] = {}
        self._free_at = 0.0

    def put(self, connection: object, size: int, leave: Callable[[], None], now: float) -> None:
        """Add a piece of `size` bytes at `now`, in seconds. `leave` is called when its last byte has left."""
        self._waiting.setdefault(connection, deque()).append(_Piece(size, now, leave))

    def serve(self, now: float) -> float | None:
        """Let go of all that has left by `now`. Return when the next piece will have; None if none waits."""
        while self._waiting:
            connection, pieces = next(iter(self._waiting.items()))
            piece = pieces[0]
            # Counted from its own time, so that a timer that comes late takes nothing from the rate.
            left_at = max(self._free_at, piece.arrived_at) + piece.size / self.bytes_per_second
            if left_at > now:
                return left_at
            self._free_at = left_at
            pieces.popleft()
            del self._waiting[connection]
            if pieces:
                self._waiting[connection] = pieces
            piece.leave()
        return None
