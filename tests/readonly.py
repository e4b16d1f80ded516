"""A database that answers and takes no writes, as on a full disk or a replica."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def read_only_database() -> Iterator[None]:
    """For this connection; needs a test with `transaction=True`."""
    _say("PRAGMA query_only = ON", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    try:
        yield
    finally:
        _say("PRAGMA query_only = OFF", "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")


def _say(to_sqlite: str, to_postgres: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(to_sqlite if connection.vendor == "sqlite" else to_postgres)
