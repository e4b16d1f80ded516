"""Limits how long, and by how many requests, the bucket is waited for: a bucket that hangs must not take the site down.

Each call is made by a thread of its own pool, and abandoned once its time is over: only so does the limit hold for
all of it, for name look-ups, retries and answers that trickle. The calls of one web request share one time, and only
so many requests may wait for the bucket that others find a thread; those that complete uploads have threads of their
own, here and in the web server, and wait longer. After a call that took too long the bucket counts as away, unless it
was to join or copy: the next ones fail at once, but for one in a few seconds that tries.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from os import register_at_fork

from django.db import connections
from django.utils.translation import gettext as _

from sharing.storage.errors import BucketUnreachable, CallAbandoned


@dataclass(frozen=True)
class Timeout:
    """Seconds for a call alone, and for all calls of a web request together, from the first one on."""

    alone: float
    in_request: float


ORDINARY = Timeout(alone=30, in_request=8)
# Joining parts and copying: the bucket answers when it is done.
LONG = Timeout(alone=900, in_request=25)
# Web requests of one process that may wait for the bucket at once: half of its threads (gunicorn.conf.py).
REQUESTS_AT_ONCE = 8
# Seconds that one more waits for its turn, for as long as there was an answer within the second of these.
TURN_SECONDS = 5.0
LIVELY_SECONDS = 0.35
# Seconds for which the bucket counts as away after an ordinary call that took at least as long as the second of these.
AWAY_SECONDS = 5.0
TOO_LONG_SECONDS = 5.0
_THREADS = 64
# For calls of requests that have threads of their own: a batch of uploads asks for up to eight at once.
_WAITING_THREADS = 128


class BucketBusy(BucketUnreachable):
    """So many wait for the bucket that this request does not."""


class _Breaker:
    """Circuit breaker: open after a call that hung. Any answer closes it, a refusal as well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tried_again_at: float | None = None

    def is_open(self) -> bool:
        again = self._tried_again_at
        return again is not None and time.monotonic() < again

    def require_closed(self) -> None:
        """Raise BucketUnreachable while the bucket is away; from time to time one is let through to try it."""
        with self._lock:
            if self.is_open():
                raise BucketUnreachable(_("The bucket did not answer a moment ago."))
            if self._tried_again_at is not None:
                self._tried_again_at = time.monotonic() + AWAY_SECONDS

    def open(self) -> None:
        with self._lock:
            self._tried_again_at = time.monotonic() + AWAY_SECONDS

    def close(self) -> None:
        if self._tried_again_at is not None:
            with self._lock:
                self._tried_again_at = None


class _Turns:
    """Limits how many requests wait for the bucket at once. More wait for a turn only while it answers others."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(REQUESTS_AT_ONCE)
        self._lock = threading.Lock()
        self._taken = 0
        self._answered_at = 0.0

    def take(self) -> None:
        """Raise BucketBusy where there is none."""
        if not self._free.acquire(blocking=False):
            self._wait()
        with self._lock:
            if not self._taken:
                self.note_answer()  # nobody has asked for a while
            self._taken += 1

    def give_back(self) -> None:
        with self._lock:
            self._taken -= 1
        self._free.release()

    def note_answer(self) -> None:
        self._answered_at = time.monotonic()

    def _wait(self) -> None:
        started = time.monotonic()
        while not self._free.acquire(timeout=LIVELY_SECONDS / 5):
            now = time.monotonic()
            if now - self._answered_at > LIVELY_SECONDS or now - started > TURN_SECONDS:
                raise BucketBusy(_("Too many requests are waiting for the bucket."))


@dataclass
class _Visit:
    """One web request's share of the bucket: a turn, and a time limit that starts with its first call.

    One that has a thread of its own, in which nobody else waits, takes no turn.
    """

    in_waiting_thread: bool = False
    began_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> float:
        """Take a turn, once. Raises BucketBusy where there is none."""
        with self._lock:
            if self.began_at is None:
                if not self.in_waiting_thread:
                    _process.turns.take()
                self.began_at = time.monotonic()
            return self.began_at

    def end(self) -> None:
        if self.began_at is not None and not self.in_waiting_thread:
            _process.turns.give_back()

    @property
    def has_turn(self) -> bool:
        """True if it has taken one, or needs none."""
        return self.in_waiting_thread or self.began_at is not None

    def seconds(self, timeout: Timeout) -> float:
        """Return the seconds for all its calls together."""
        return LONG.in_request if self.in_waiting_thread else timeout.in_request


class _Process:
    """State of one process: threads do not survive a fork."""

    def __init__(self) -> None:
        self.breaker = _Breaker()
        self.turns = _Turns()
        self.pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="bucket")
        self.waiting_pool = ThreadPoolExecutor(_WAITING_THREADS, thread_name_prefix="bucket-waiting")


_process = _Process()


def _renew() -> None:
    global _process  # noqa: PLW0603
    _process = _Process()


register_at_fork(after_in_child=_renew)

_visit: ContextVar[_Visit | None] = ContextVar("visit", default=None)
_at_most: ContextVar[float | None] = ContextVar("at_most", default=None)
_inside = threading.local()


@contextmanager
def visiting(*, in_waiting_thread: bool = False) -> Iterator[None]:
    """Mark a web request, whose calls of the bucket share one turn and one time limit, in whatever threads."""
    visit = _Visit(in_waiting_thread)
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)
        visit.end()


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Limit every call inside to these seconds."""
    token = _at_most.set(seconds)
    try:
        yield
    finally:
        _at_most.reset(token)


def is_away() -> bool:
    """True while the bucket is known to hang. Asks nobody."""
    return _process.breaker.is_open()


@contextmanager
def turn() -> Iterator[None]:
    """Hold a turn, for what asks the bucket with a limit of its own: no longer, since others are refused meanwhile.

    Raises BucketUnreachable where the bucket is known to hang, or too many requests wait for it already.
    """
    if is_away():
        raise BucketUnreachable(_("The bucket did not answer a moment ago."))
    visit, turns = _visit.get(), _process.turns
    if visit is None or visit.has_turn:
        yield
        return
    turns.take()
    try:
        yield
    finally:
        turns.give_back()


def note_answer() -> None:
    """Say that the bucket has answered what asks it with a limit of its own: requests may wait for their turn."""
    _process.turns.note_answer()


def carried[**P, R](call: Callable[P, R]) -> Callable[P, R]:
    """Return the call for use in another thread, with the time limit of this thread's request."""
    visit, seconds = _visit.get(), _at_most.get()

    def carrying(*args: P.args, **kwargs: P.kwargs) -> R:
        tokens = _visit.set(visit), _at_most.set(seconds)
        try:
            return call(*args, **kwargs)
        finally:
            _visit.reset(tokens[0])
            _at_most.reset(tokens[1])

    return carrying


def in_time[R](call: Callable[[], R], timeout: Timeout = ORDINARY) -> R:
    """Return or raise what the call does. Raises BucketUnreachable if it takes too long, or cannot be made now."""
    if getattr(_inside, "is_call", False):
        return call()  # a part of a call that has its time already
    process = _process
    process.breaker.require_closed()
    seconds = _seconds_left(timeout)
    if seconds <= 0:
        raise BucketUnreachable(_("The bucket has taken all the time that this request has."))
    pool = process.pool
    if (visit := _visit.get()) and visit.in_waiting_thread:
        _release_connections()
        pool = process.waiting_pool
    try:
        future = pool.submit(_made, call)
    except RuntimeError as error:  # the machine has no thread left
        raise BucketBusy(_("No thread can be started to call the bucket.")) from error
    if not _has_ended(future, seconds):
        if future.cancel():
            raise BucketBusy(_("Too many calls of the bucket are being made."))
        # A call that is long by nature says nothing: the bucket may be answering all others.
        if seconds >= TOO_LONG_SECONDS and timeout is not LONG:
            process.breaker.open()
        raise CallAbandoned(_("The bucket did not answer in %(seconds)s s.") % {"seconds": round(seconds, 1)})
    process.breaker.close()
    process.turns.note_answer()
    return future.result()


def _seconds_left(timeout: Timeout) -> float:
    visit, limit = _visit.get(), _at_most.get()
    seconds = timeout.alone
    if visit:
        seconds = visit.start() + visit.seconds(timeout) - time.monotonic()
    return min(seconds, limit) if limit is not None else seconds


def _release_connections() -> None:
    """Close what this thread has open to the database: so many threads would hold all that a server has."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def _has_ended[R](future: "Future[R]", seconds: float) -> bool:
    return bool(wait([future], timeout=seconds).done)


def _made[R](call: Callable[[], R]) -> R:
    _inside.is_call = True
    try:
        return call()
    finally:
        _inside.is_call = False
