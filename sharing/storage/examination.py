"""Remembers how the doctor's last examination went, for the admin's first page."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from sharing.http.best_effort import best_effort, best_effort_value

_CACHE_KEY = "last-examination"


@dataclass(frozen=True)
class Examination:
    """The time of an examination, and the names of the checks that failed."""

    at: datetime
    failed: list[str]


def remember_examination(failed: list[str]) -> None:
    with best_effort():  # the console has said it all
        cache.set(_CACHE_KEY, Examination(timezone.now(), failed), timeout=None)


def last_examination() -> Examination | None:
    """Return the last one, as long as the cache keeps it."""
    found: Examination | None = best_effort_value(lambda: cache.get(_CACHE_KEY), otherwise=None)
    return found
