"""For the machine that watches: /livez says the process answers, /readyz that what it needs does too."""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sharing.storage.bucket import get_bucket

logger = logging.getLogger(__name__)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    cache.get("readyz")


def _bucket() -> None:
    if not get_bucket().exists():
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
    """200 when all answer, else 503; says which, and nothing about why to a stranger."""
    answers = {name: _answers(check) for name, check in CHECKS.items()}
    return JsonResponse(
        {name: "ok" if answered else "failing" for name, answered in answers.items()},
        status=200 if all(answers.values()) else 503,
    )


def _answers(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:  # whatever it is, the part does not answer; the log has the rest
        logger.exception("A part that Waybill needs does not answer")
        return False
    return True
