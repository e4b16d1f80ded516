"""Django's backend for PostgreSQL, with connections that do not wait for an unresponsive server."""

import select
import time
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from sharing.postgresql.connection import PatientConnection

# Seconds for which a connection that has answered is not asked again whether it still does.
CHECKED_FOR_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    # psycopg, except that it connects by a class of ours: Django has no setting for that.
    Database: Any = SimpleNamespace(**{**vars(psycopg), "connect": PatientConnection.connect})

    health_check_enabled: bool
    health_check_done: bool
    _checked_at = 0.0

    def close_if_health_check_failed(self) -> None:
        """Close a connection that does not work, before a request uses it.

        Django asks the server each time, which takes as long as another query. Within a second of an answer only the
        socket is looked at: a server that restarts closes it.
        """
        if self.health_check_enabled and not self.health_check_done and self.connection is not None:
            now = time.monotonic()
            if now - self._checked_at < CHECKED_FOR_SECONDS and _is_silent(self.connection):
                self.health_check_done = True
                return
            self._checked_at = now
        super().close_if_health_check_failed()


def _is_silent(connection: Any) -> bool:
    """True if the server has sent nothing that is not read: to an idle connection it says only that it is closed."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
