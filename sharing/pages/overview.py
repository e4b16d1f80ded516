"""The figures and the chart on the admin's first page."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Self

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File, Upload
from sharing.links.models import Download, Link, Recipient

DAYS = 30
EVENTS_SHOWN = 10
USERS_SHOWN = 5
STUCK_AFTER = timedelta(days=1)
RECENT = timedelta(days=7)
KEPT_SECONDS = 60
CACHE_KEY = "overview"

# The chart's own units: it is stretched to the width of the page.
CHART_HEIGHT = 100
BAR_WIDTH = 7
BAR_STEP = 10


@dataclass(frozen=True)
class Day:
    """One bar of the chart: `x` and `height` in the chart's own units."""

    on: date
    downloads: int
    x: int
    height: float

    @property
    def y(self) -> float:
        return CHART_HEIGHT - self.height


class Overview:
    """The figures of the first page. Takes ten queries however many rows there are, each when first read."""

    # Kept in the cache; the latest events are always those of now.
    KEPT = (
        *("counted_at", "files", "users", "usable_links", "uploads_open", "days"),
        *("uploads_stuck", "mails_failed", "jobs_failed", "biggest_users"),
    )

    width = DAYS * BAR_STEP - (BAR_STEP - BAR_WIDTH)
    height = CHART_HEIGHT
    bar_width = BAR_WIDTH

    @classmethod
    def recent(cls) -> Self:
        """Return one whose figures were counted in the last minute: with a million files that takes a second."""
        overview = cls()
        kept = cache.get(CACHE_KEY)
        if kept is None:
            kept = {name: getattr(overview, name) for name in cls.KEPT}
            cache.set(CACHE_KEY, kept, KEPT_SECONDS)
        vars(overview).update(kept)
        return overview

    @cached_property
    def counted_at(self) -> datetime:
        return timezone.now()

    @cached_property
    def files(self) -> dict[str, int]:
        """Return the `count` and `bytes` of the files that are ready."""
        return File.objects.ready().aggregate(count=Count("pk"), bytes=Sum("size", default=0))

    @cached_property
    def users(self) -> dict[str, int]:
        return User.objects.aggregate(
            active=Count("pk", filter=Q(is_active=True)), suspended=Count("pk", filter=Q(is_active=False))
        )

    @cached_property
    def usable_links(self) -> int:
        return Link.objects.usable().count()

    @cached_property
    def uploads_open(self) -> int:
        return Upload.objects.filter(state=Upload.State.OPEN).count()

    @cached_property
    def uploads_stuck(self) -> int:
        """Return how many uploads began more than a day ago and are not finished."""
        return Upload.objects.filter(
            state=Upload.State.OPEN, created_at__lte=timezone.now() - STUCK_AFTER
        ).count()

    @cached_property
    def mails_failed(self) -> int:
        """Return how many links of the last week could not be mailed to somebody."""
        return (
            Recipient.objects.filter(due_at=None, created_at__gte=timezone.now() - RECENT)
            .exclude(failure="")
            .count()
        )

    @cached_property
    def jobs_failed(self) -> int:
        """Return how many background tasks have failed in the last week."""
        return DBTaskResult.objects.failed().filter(finished_at__gte=timezone.now() - RECENT).count()

    @cached_property
    def free_bytes(self) -> int | None:
        """Return what is left of the embedded bucket's disk; None for another bucket, which does not say."""
        if not settings.BUCKET.is_embedded:
            return None
        try:
            return shutil.disk_usage(settings.HOME.root).free
        except OSError:
            return None

    @cached_property
    def biggest_users(self) -> list[User]:
        return list(User.objects.filter(used_bytes__gt=0).order_by("-used_bytes")[:USERS_SHOWN])

    @cached_property
    def events(self) -> QuerySet[Event]:
        return Event.objects.all()[:EVENTS_SHOWN]

    @cached_property
    def days(self) -> list[Day]:
        """Return the last 30 days (UTC), today last, each with its downloads. Takes one query."""
        today = timezone.now().date()
        dates = [today - timedelta(days=back) for back in reversed(range(DAYS))]
        start = datetime.combine(dates[0], time.min, tzinfo=UTC)
        recent = Download.objects.filter(at__gte=start).order_by()
        counted = recent.annotate(day=TruncDate("at", tzinfo=UTC)).values_list("day").annotate(Count("pk"))
        counts: dict[date, int] = dict(counted)
        most = max(counts.values(), default=0) or 1
        return [
            Day(day, counts.get(day, 0), x=index * BAR_STEP, height=CHART_HEIGHT * counts.get(day, 0) / most)
            for index, day in enumerate(dates)
        ]

    @property
    def most(self) -> int:
        return max(day.downloads for day in self.days)

    @property
    def total(self) -> int:
        return sum(day.downloads for day in self.days)
