"""Connections to PostgreSQL that wait for a slow server, and not for an unresponsive one.

A server that is frozen (a stopped process, a paused machine, a disk that hangs) keeps its connections and answers
nothing, which no setting of libpq or of the server itself ends: TCP is answered by its kernel. A slow statement looks
the same. So after a second without an answer the server is probed on another connection: if it answers there, the
statement goes on. Otherwise all statements of the process fail at once, but for one retry in two seconds:
so a request with many of them takes no longer than one, and no thread waits for what another has found out.

This holds for web processes. Tasks, migrations and commands wait as long as it takes.
"""

import threading
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any, Self, override

import psycopg
from psycopg import errors
from psycopg.abc import RV, PQGen, PQGenConn

# Seconds that a connection may be idle in a statement until its server is probed, and the timeout of the probe. With
# what a page takes besides they are to stay below two.
IDLE_SECONDS = 1.0
PROBE_SECONDS = 0.7
# Seconds for one statement of a web request of a responsive server: nobody waits longer for a page, and the thread is
# one of sixteen. PostgreSQL is told to cancel it.
STATEMENT_SECONDS = 30.0
# Seconds from the time a server is found unresponsive to the next statement that tries it.
RETRY_SECONDS = 2.0
# How often psycopg looks up while it waits, in seconds.
_INTERVAL = 0.1


class _Process:
    """State of one process. `is_web`: whether waits are limited; `retry_at`: None while the server responds."""

    is_web = False
    lock = threading.Lock()
    retry_at: float | None = None


def limit_waits() -> None:
    """From now on this process serves pages, and does not wait for an unresponsive server."""
    _Process.is_web = True


class ServerUnresponsive(psycopg.OperationalError):
    """The server does not answer, neither here nor on another connection."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed once its server is unresponsive, or a statement takes too long."""

    @classmethod
    @override
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Self]:
        if not _Process.is_web:
            return (yield from super()._connect_gen(conninfo))
        _require_responsive()
        try:
            connection = yield from _within(IDLE_SECONDS + PROBE_SECONDS, super()._connect_gen(conninfo))
        except errors.ConnectionTimeout:
            _note_unresponsive()
            raise
        _note_responsive()
        return connection

    @override
    def wait(self, gen: PQGen[RV], interval: float = _INTERVAL, timeout: float | None = None) -> RV:
        if not _Process.is_web:
            return super().wait(gen, interval, timeout)
        _require_responsive()
        return super().wait(self._watched(gen), interval, timeout)

    def _watched(self, gen: PQGen[RV]) -> PQGen[RV]:
        """Drive `gen`; raise OperationalError and close the connection when its server is unresponsive."""
        answered_at = probed_at = time.monotonic()
        try:
            state = next(gen)
            while True:
                ready = yield state
                now = time.monotonic()
                if ready:
                    answered_at = probed_at = now
                    _note_responsive()
                elif now - answered_at > STATEMENT_SECONDS:
                    self._cancel_statement()
                elif now - probed_at > IDLE_SECONDS:
                    self._probe()
                    probed_at = time.monotonic()
                state = gen.send(ready)
        except StopIteration as end:
            value: RV = end.value
            return value

    def _probe(self) -> None:
        """Raise ServerUnresponsive if the server does not answer on another connection. A refusal is an answer."""
        parameters: dict[str, Any] = {**self.info.get_parameters(), "password": self.info.password}
        try:
            with _Probe.connect("", **parameters) as probe:
                probe.execute("SELECT 1")
        except errors.ConnectionTimeout as error:
            _note_unresponsive()
            # Its answer would be taken for that to the next statement.
            self.close()
            raise ServerUnresponsive("The database does not answer.") from error
        except psycopg.Error:
            return

    def _cancel_statement(self) -> None:
        with suppress(psycopg.Error):
            self.cancel_safe(timeout=PROBE_SECONDS)
        self.close()
        raise psycopg.OperationalError(f"A statement took more than {STATEMENT_SECONDS:.0f} s.")


class _Probe(psycopg.Connection[Any]):
    """A connection that has its answer within PROBE_SECONDS, or raises ConnectionTimeout."""

    @classmethod
    @override
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Self]:
        return (yield from _within(PROBE_SECONDS, super()._connect_gen(conninfo)))

    @override
    def wait(self, gen: PQGen[RV], interval: float = _INTERVAL, timeout: float | None = None) -> RV:
        return super().wait(_within(PROBE_SECONDS, gen), interval, timeout)


def _within(seconds: float, gen: Generator[Any, Any, RV]) -> Generator[Any, Any, RV]:
    """Drive `gen`. Raises ConnectionTimeout after these seconds: libpq's own limit is two at least.

    What has arrived meanwhile is read first: a busy process of ours is no unresponsive server.
    """
    ends_at = time.monotonic() + seconds
    try:
        state = next(gen)
        while True:
            ready = yield state
            if not ready and time.monotonic() > ends_at:
                raise errors.ConnectionTimeout(f"The database did not answer in {seconds:.1f} s.")
            state = gen.send(ready)
    except StopIteration as end:
        value: RV = end.value
        return value


def _note_unresponsive() -> None:
    with _Process.lock:
        _Process.retry_at = time.monotonic() + RETRY_SECONDS


def _note_responsive() -> None:
    if _Process.retry_at is not None:
        with _Process.lock:
            _Process.retry_at = None


def _require_responsive() -> None:
    """Raise ServerUnresponsive while the server is unresponsive; from time to time one statement may retry."""
    with _Process.lock:
        if _Process.retry_at is None:
            return
        now = time.monotonic()
        if now < _Process.retry_at:
            raise ServerUnresponsive("The database did not answer a moment ago.")
        _Process.retry_at = now + RETRY_SECONDS
