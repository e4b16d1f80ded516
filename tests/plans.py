"""PostgreSQL's plans of a call's queries with a hundred thousand rows: the tables it would read whole."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from tests.bench.scale import rows

# With their uploads, links, items, downloads and events a hundred thousand rows.
AMOUNTS = rows.Amounts(26_000, owners=10)
BIG = {"files_file", "files_upload", "links_link", "links_item", "links_download", "audit_event"}


@pytest.fixture(scope="module")
def many_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A hundred thousand rows for the tests of one module, a tenth of them of user `rows.OWNER`.

    A module imports it, and its tests ask for `db` as well. Written in some seconds; skipped on SQLite.
    """
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has plans of another kind")
    with django_db_blocker.unblock():
        _rebuild_tables()
        try:
            with transaction.atomic():
                rows.write(AMOUNTS)
                yield
                transaction.set_rollback(True)
        finally:
            _rebuild_tables()


def _rebuild_tables() -> None:
    """Remove what earlier tests left: a plan depends on the size of tables and indexes, dead rows included."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (FULL, ANALYZE) {rows.tables()}")


def sequential_scans(call: Callable[[], object]) -> set[str]:
    """Return the big tables that queries of this call read whole, each with the beginning of its query."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return {
        f"{table}: {query['sql'][:300]}"
        for query in captured
        # The query of iterator() stands in the declaration of a cursor.
        if (sql := query["sql"].partition(" CURSOR WITH HOLD FOR ")[2] or query["sql"]).startswith(
            ("SELECT", "UPDATE", "DELETE", "WITH")
        )
        for table in _read_whole(_plan(sql))
    }


def _plan(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        [answer] = cursor.fetchone()
    [explained] = json.loads(answer) if isinstance(answer, str) else answer
    plan: dict[str, Any] = explained["Plan"]
    return plan


def _read_whole(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in BIG:
        yield plan["Relation Name"]
    for child in plan.get("Plans", []):
        yield from _read_whole(child)
