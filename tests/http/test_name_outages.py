"""An outage is no fault: database, cache or bucket away are 503, and each says what it is."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from django.db.utils import InternalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from psycopg import errors as postgres
from redis.exceptions import BusyLoadingError, RedisError, ResponseError
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent

from sharing.http.outages import outage_of
from sharing.storage.deadline import BucketBusy
from sharing.storage.errors import AccessRefused, BucketUnreachable
from sharing.urls import urlpatterns as site_urls

raised: list[Exception] = []


def fail(request: HttpRequest) -> HttpResponse:
    """A view in which this test's error is raised."""
    raise raised[-1]


fail.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("page/", fail), path("api/v1/call/", fail), *site_urls]
handler500 = "sharing.http.handlers.server_error"


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def by_sqlite(code: int) -> Exception:
    """As Django raises what SQLite says."""
    cause = sqlite3.OperationalError("as SQLite says it")
    cause.sqlite_errorcode = code
    return caused(OperationalError("as SQLite says it"), cause)


OUTAGES: dict[str, list[Exception]] = {
    "database-unavailable": [
        OperationalError("the connection is closed"),
        InterfaceError("connection already closed"),
        caused(OperationalError(), postgres.AdminShutdown()),
        caused(OperationalError(), postgres.TooManyConnections()),
        by_sqlite(sqlite3.SQLITE_CANTOPEN),
        by_sqlite(sqlite3.SQLITE_IOERR_WRITE),
    ],
    "database-busy": [
        by_sqlite(sqlite3.SQLITE_BUSY),
        by_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT),
        caused(OperationalError(), postgres.LockNotAvailable()),
        caused(OperationalError(), postgres.DeadlockDetected()),
    ],
    "database-read-only": [
        by_sqlite(sqlite3.SQLITE_READONLY),
        by_sqlite(sqlite3.SQLITE_READONLY_DBMOVED),
        caused(InternalError(), postgres.ReadOnlySqlTransaction()),
    ],
    "disk-full": [by_sqlite(sqlite3.SQLITE_FULL), caused(OperationalError(), postgres.DiskFull())],
    "cache-unavailable": [RedisAway(), RedisSilent(), BusyLoadingError(), ResponseError("MISCONF no disk")],
    "bucket-unreachable": [BucketUnreachable(), BucketBusy()],
}
FAULTS = [
    ValueError("a fault of ours"),
    AccessRefused(),
    by_sqlite(sqlite3.SQLITE_ERROR),  # no such table
    ProgrammingError("relation does not exist"),
    DatabaseError("something else"),
]


@pytest.fixture(autouse=True)
def nothing_raised() -> Iterator[None]:
    yield
    raised.clear()


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("slug", "error"), [(slug, error) for slug, errors in OUTAGES.items() for error in errors]
)
def test_an_outage_is_503_with_a_time_to_try_again(slug: str, error: Exception) -> None:
    raised.append(error)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/call/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["type"] == f"/problems/{slug}"
    assert int(answer["Retry-After"]) > 0
    page = client.get("/page/")
    assert (page.status_code, page["Retry-After"]) == (503, answer["Retry-After"])
    assert page.content.decode().count("<h1") == 1
    script = client.get("/page/", headers={"Accept": "application/json"})
    assert script.json() == answer.json()


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("error", FAULTS, ids=repr)
def test_a_fault_of_ours_is_500_and_tells_nothing(error: Exception) -> None:
    assert outage_of(error) is None
    raised.append(error)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/call/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["type"] == "/problems/server-error"
    page = client.get("/page/")
    assert page.status_code == 500
    assert str(error) not in page.content.decode() or not str(error)


@pytest.mark.django_db
def test_a_signed_in_visitor_leaves_one_line_while_the_sessions_are_away(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The line names the user, who cannot be read: the request is logged all the same."""

    def away(request: HttpRequest) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", away)
    alice_client.raise_request_exception = False
    assert alice_client.get("/").status_code == 503
    told = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    lines = [(line["request"], line["code"]) for line in told if line["event"] == "request_finished"]
    assert lines == [("GET /", 503)]
    assert not [record for record in caplog.records if "Traceback" in record.getMessage()]


def test_every_error_of_the_cache_is_one() -> None:
    assert outage_of(RedisError()) is not None


@pytest.mark.django_db(transaction=True)
def test_a_locked_sqlite_says_that_it_is_busy(tmp_path: Path) -> None:
    """With the real thing, since it is its codes that tell."""
    file = tmp_path / "locked.sqlite3"
    with sqlite3.connect(file, isolation_level=None) as holder, sqlite3.connect(file, timeout=0) as other:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as failure:
            other.execute("CREATE TABLE t (n)")
        holder.execute("ROLLBACK")
    holder.close()
    other.close()
    refusal = outage_of(caused(OperationalError(), failure.value))
    assert refusal
    assert refusal.slug == "database-busy"
