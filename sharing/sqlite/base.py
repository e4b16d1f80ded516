"""Django's backend for SQLite, whose writers acquire a write lock in the order in which they came."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db.backends.sqlite3 import base

from sharing.sqlite.queue import WriteQueue, queue_of

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class QueuedCursor(base.SQLiteCursorWrapper):
    """A cursor whose writes hold the write lock outside of transactions, too."""

    database: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        with self._write_lock_for(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self._write_lock_for(query):
            return super().executemany(query, param_list)

    def _write_lock_for(self, query: str) -> AbstractContextManager[None]:
        # A transaction holds the lock until it ends.
        if self.database.in_atomic_block or not query.startswith(_WRITES):
            return nullcontext()
        return self.database.write_lock()


class ClosedAtThreadEnd:
    """Closes a connection that still holds the write lock when its thread ends: nobody else would."""

    def __init__(self, database: "DatabaseWrapper") -> None:
        self._database = database

    def __del__(self) -> None:
        if self._database.holds_write_lock:
            self._database.close()


class DatabaseWrapper(base.DatabaseWrapper):
    # The queue whose write lock this connection holds.
    _held: WriteQueue | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._of_thread = threading.local()

    @property
    def holds_write_lock(self) -> bool:
        return self._held is not None

    def create_cursor(self, name: Any = None) -> Any:
        cursor = self.connection.cursor(factory=QueuedCursor)
        cursor.database = self
        return cursor

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Hold the write lock. Raises OperationalError where that takes as long as SQLite would wait."""
        if self._held:  # by a transaction
            yield
            return
        self._acquire_write_lock()
        try:
            yield
        finally:
            self._release_write_lock()

    def _start_transaction_under_autocommit(self) -> None:
        self._acquire_write_lock()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._release_write_lock()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._release_write_lock()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._release_write_lock()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._release_write_lock()

    def _acquire_write_lock(self) -> None:
        if self.is_in_memory_db():
            return
        queue = queue_of(str(self.settings_dict["NAME"]))
        [milliseconds] = self.connection.execute("PRAGMA busy_timeout").fetchone()
        if not queue.acquire(milliseconds / 1000):
            with self.wrap_database_errors:
                raise _locked()
        self._of_thread.end = ClosedAtThreadEnd(self)
        self._held = queue

    def _release_write_lock(self) -> None:
        queue, self._held = self._held, None
        if queue:
            queue.release()
            self._of_thread.end = None


def _locked() -> sqlite3.OperationalError:
    """Return what SQLite would raise."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_BUSY, "SQLITE_BUSY"
    return error
