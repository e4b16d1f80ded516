"""Best-effort writes and reads, such as counting a view: a database or cache that is away does not fail the answer."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, connections

from sharing.http.outages import outage_of

logger = logging.getLogger(__name__)

# Milliseconds for a lock of SQLite's that another process holds. What has to be written waits for ten seconds
# (environment_values.database), since of many writers at once some wait long; what may be left out does not.
LOCK_MILLISECONDS = 1000
# Seconds for it in a web process, as PostgreSQL has. SQLite's lock is no queue: at 300 writes a second the longest wait
# was one second, at 430 five, and with 32 writers that never pause one in 150 is refused.
WEB_LOCK_SECONDS = 5


def limit_lock_waits() -> None:
    """From now on this process serves pages, and waits no longer than these for a lock of SQLite's."""
    if connection.vendor == "sqlite":
        connections.settings["default"]["OPTIONS"]["timeout"] = WEB_LOCK_SECONDS


@contextmanager
def best_effort() -> Iterator[None]:
    """Log an outage of the database or the cache in this block, and go on. Other errors are raised."""
    try:
        with short_lock_waits():
            yield
    except Exception as error:
        if outage_of(error) is None:
            raise
        logger.warning("Not counted or noted, since the database or the cache takes no writes: %s", error)


def best_effort_value[R](ask: Callable[[], R], *, otherwise: R) -> R:
    """Return `ask()`, or `otherwise` during an outage of the database or the cache."""
    answers = [otherwise]
    with best_effort():
        answers.append(ask())
    return answers[-1]


@contextmanager
def short_lock_waits() -> Iterator[None]:
    """Wait at most a second for a lock of SQLite's that another process holds. Raises DatabaseError."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database = connection.connection
    [usual] = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {LOCK_MILLISECONDS}")
    try:
        yield
    finally:
        if connection.connection is database:
            database.execute(f"PRAGMA busy_timeout = {usual:d}")
