"""What is written beside an answer, such as a view that is counted: it never stands before showing."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from sharing.http.outages import outage_of

logger = logging.getLogger(__name__)

# Milliseconds for a lock of SQLite's that another process holds. What has to be written waits for ten seconds
# (environment_values.database), since of many writers at once some wait long; what may be left out does not.
LOCK_MILLISECONDS = 1000


@contextmanager
def beside_the_answer() -> Iterator[None]:
    """Log what a database or cache that is away, full, locked or read-only makes of this, and go on."""
    try:
        with short_lock_waits():
            yield
    except Exception as error:
        if outage_of(error) is None:
            raise
        logger.warning("Not counted or noted, since the database or the cache takes no writes: %s", error)


def unless_away[R](ask: Callable[[], R], *, otherwise: R) -> R:
    """Return what `ask` returns, or `otherwise` where a database or cache is away that only makes things better."""
    answers = [otherwise]
    with beside_the_answer():
        answers.append(ask())
    return answers[-1]


@contextmanager
def short_lock_waits() -> Iterator[None]:
    """Wait a second at most where another process has locked SQLite. Raises DatabaseError."""
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
