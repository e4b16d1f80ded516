"""Health checks: /livez answers while the process does, /readyz while database, cache and bucket do, too."""

import logging
import shutil
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sharing.http.best_effort import short_lock_waits
from sharing.storage.bucket import get_bucket
from sharing.storage.deadline import at_most

logger = logging.getLogger(__name__)

# SQLite needs so much beside its database to go on writing for a while.
LEAST_FREE_BYTES = 4 * 1024 * 1024
# Seconds for the bucket; who asks does so every few seconds.
READY_SECONDS = 2.0


def _database() -> None:
    """Raise if the database does not answer, or takes no writes."""
    with short_lock_waits(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _write_to_sqlite(cursor)
            return
        cursor.execute("SHOW transaction_read_only")
        if cursor.fetchone() != ("off",):
            raise OperationalError("The database is read-only.")


def _write_to_sqlite(cursor: CursorWrapper) -> None:
    """Write user_version as it is, which is SQLite's number for applications, and check the free space."""
    cursor.execute("PRAGMA user_version")
    [version] = cursor.fetchone()
    cursor.execute(f"PRAGMA user_version = {version:d}")
    folder = Path(connection.settings_dict["NAME"]).parent
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        raise OperationalError("The disk is full.")


def _cache() -> None:
    cache.get("readyz")


def _bucket() -> None:
    with at_most(READY_SECONDS):
        is_there = get_bucket().exists()
    if not is_there:
        raise LookupError("there is no such bucket")


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "cache": _cache, "bucket": _bucket}


@never_cache
@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if all checks pass, else 503. It tells a stranger which failed, and not why."""
    answers = {name: _answers(name, check) for name, check in CHECKS.items()}
    return JsonResponse(
        {name: "ok" if answered else "failing" for name, answered in answers.items()},
        status=HTTPStatus.OK if all(answers.values()) else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _answers(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # whatever it is, the part does not answer; the log has the rest
        logger.warning("The %s does not answer: %s: %s", name, type(error).__name__, error)
        return False
    return True
