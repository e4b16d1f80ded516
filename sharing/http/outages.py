"""Maps errors of a database, cache or another service that is away, full or read-only to refusals for all pages."""

import sqlite3
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext as _
from psycopg import errors as postgres
from redis.exceptions import RedisError

from sharing.http.refusals import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SOON = 5
# Seconds after which somebody may have made room.
LATER = 60

_SQLITE_FULL = {sqlite3.SQLITE_FULL}
_SQLITE_READ_ONLY = {sqlite3.SQLITE_READONLY}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_AWAY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOTADB}
# SQLite's extended codes hold the primary one in their last eight bits.
_PRIMARY = 0xFF


class Outage(Exception):
    """Base of the errors of an app whose service is away for now. `slug` and `detail` are those of the refusal."""

    slug: ClassVar[str]
    detail: "ClassVar[str | _StrPromise]"


def outage_of(error: BaseException | None) -> Refusal | None:
    """Return the refusal for an error that is an outage; None for any other, which is a bug of ours."""
    if isinstance(error, DatabaseError | InterfaceError):
        return _outage_of_database(error)
    if isinstance(error, RedisError):
        return _unavailable("cache-unavailable", _("A part of this site is not responding. Try again soon."))
    if isinstance(error, Outage):
        return _unavailable(error.slug, str(error.detail))
    return None


def _outage_of_database(error: Exception) -> Refusal | None:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return _outage_of_sqlite(getattr(cause, "sqlite_errorcode", 0) & _PRIMARY)
    if isinstance(cause, postgres.DiskFull):
        return disk_full()
    if isinstance(cause, postgres.ReadOnlySqlTransaction):
        return read_only()
    if isinstance(cause, postgres.LockNotAvailable | postgres.QueryCanceled | postgres.DeadlockDetected):
        return _busy()
    return _away() if isinstance(error, OperationalError | InterfaceError) else None


def _outage_of_sqlite(code: int) -> Refusal | None:
    if code in _SQLITE_FULL:
        return disk_full()
    if code in _SQLITE_READ_ONLY:
        return read_only()
    if code in _SQLITE_BUSY:
        return _busy()
    return _away() if code in _SQLITE_AWAY else None


def disk_full() -> Refusal:
    return _unavailable(
        "disk-full",
        _("The server's disk is full, so this could not be saved. The operator has to free some space."),
        LATER,
    )


def read_only() -> Refusal:
    return _unavailable(
        "database-read-only",
        _("The database is read-only at the moment, so this could not be saved. Try again later."),
        LATER,
    )


def _busy() -> Refusal:
    return _unavailable("database-busy", _("The database is busy. Nothing was changed; try again."))


def _away() -> Refusal:
    return _unavailable("database-unavailable", _("The database is not responding. Try again in a moment."))


def _unavailable(slug: str, detail: str, retry_after: int = SOON) -> Refusal:
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, slug, detail, retry_after)
