"""Django's backend for SQLite, whose writers wait in a queue before the database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base

from sharing.sqlite.queue import WriteQueue, queue_of

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class QueuedCursor(base.SQLiteCursorWrapper):
    """A cursor whose statements outside of a transaction wait for their turn as well, if they write."""

    database: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        if self.database.in_atomic_block or not query.startswith(_WRITES):
            return super().execute(query, params)
        with self.database.turn():
            return super().execute(query, params)


class DatabaseWrapper(base.DatabaseWrapper):
    # The queue in which this connection holds the turn.
    _held: WriteQueue | None = None

    def create_cursor(self, name: Any = None) -> Any:
        cursor = self.connection.cursor(factory=QueuedCursor)
        cursor.database = self
        return cursor

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn to write. Raises OperationalError where that takes as long as SQLite would wait."""
        if self._held:  # by a transaction
            yield
            return
        self._take_turn()
        try:
            yield
        finally:
            self._give_turn_back()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn_back()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._give_turn_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_turn_back()

    def _take_turn(self) -> None:
        if self.is_in_memory_db():
            return
        queue = queue_of(str(self.settings_dict["NAME"]))
        [milliseconds] = self.connection.execute("PRAGMA busy_timeout").fetchone()
        if not queue.take(milliseconds / 1000):
            with self.wrap_database_errors:
                raise _locked()
        self._held = queue

    def _give_turn_back(self) -> None:
        queue, self._held = self._held, None
        if queue:
            queue.give_back()


def _locked() -> sqlite3.OperationalError:
    """Return what SQLite would raise."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_BUSY, "SQLITE_BUSY"
    return error
