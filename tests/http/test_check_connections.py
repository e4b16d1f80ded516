"""A connection to PostgreSQL that the server has closed is replaced before a request uses it."""

from collections.abc import Iterator

import pytest
from django.db import connection

from sharing.postgresql.base import DatabaseWrapper


@pytest.fixture
def database(transactional_db: None) -> Iterator[DatabaseWrapper]:
    """A connection of its own, which is checked as the settings say."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    described = {**connection.settings_dict, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None}
    database = DatabaseWrapper(described, "checked")
    yield database
    database.close()


def begin_request(database: DatabaseWrapper) -> int:
    """Return the number of the server's process that answers."""
    database.close_if_unusable_or_obsolete()
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    return int(pid)


def test_it_is_kept_while_the_server_answers(database: DatabaseWrapper) -> None:
    assert len({begin_request(database) for _ in range(3)}) == 1


@pytest.mark.parametrize("is_checked_lately", [True, False])
def test_it_is_replaced_once_the_server_has_closed_it(
    database: DatabaseWrapper, is_checked_lately: bool
) -> None:
    first = begin_request(database)
    begin_request(database)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    if not is_checked_lately:
        database._checked_at = 0.0
    assert begin_request(database) != first


def test_the_server_is_asked_once_in_a_while(
    database: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[DatabaseWrapper] = []

    def is_usable(database: DatabaseWrapper) -> bool:
        asked.append(database)
        return True

    monkeypatch.setattr(DatabaseWrapper, "is_usable", is_usable)
    for _ in range(4):
        begin_request(database)
    assert len(asked) == 1
    database._checked_at = 0.0
    begin_request(database)
    assert len(asked) == 2
