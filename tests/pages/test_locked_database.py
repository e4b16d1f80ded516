"""Another process has locked SQLite (line 16): what only shows is shown within 2 s or so, and /readyz says it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import connection
from django.test import Client

from sharing.accounts.models import User
from sharing.http.best_effort import LOCK_MILLISECONDS, best_effort
from tests.factories import kept_file, link_to

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bucket"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows, not all of it."),
]
# A write waits for 10.
SECONDS = 6


@contextmanager
def locked_database() -> Iterator[None]:
    """As by a backup of somebody's, or their own command line."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def busy_timeout() -> int:
    [milliseconds] = connection.cursor().execute("PRAGMA busy_timeout").fetchone()
    return int(milliseconds)


def test_a_landing_page_does_not_wait_for_its_view_to_be_counted(alice: User) -> None:
    link = link_to(kept_file(alice, name="plan.txt"))
    with locked_database():
        began = time.monotonic()
        page = Client().get(link.url)
        assert time.monotonic() - began < SECONDS
    assert (page.status_code, b"plan.txt" in page.content) == (200, True)


def test_readyz_says_soon_that_nothing_can_be_written(visitor: Client) -> None:
    with locked_database():
        began = time.monotonic()
        answer = visitor.get("/readyz")
        assert time.monotonic() - began < SECONDS
    assert (answer.status_code, answer.json()["database"]) == (503, "failing")


def test_only_what_may_be_left_out_is_in_such_a_hurry() -> None:
    usual = busy_timeout()
    with best_effort():
        assert busy_timeout() == LOCK_MILLISECONDS
    assert busy_timeout() == usual > LOCK_MILLISECONDS
