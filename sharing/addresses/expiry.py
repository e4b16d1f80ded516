"""Expiry of links and requests: the one rule that says whether one has expired, and what an owner may choose."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Expression, Q
from django.utils import timezone

from sharing.addresses.errors import InvalidExpiry

MAX_LIFE = timedelta(days=366)
PRESETS = {
    "hour": ("An hour", timedelta(hours=1)),
    "day": ("A day", timedelta(days=1)),
    "week": ("A week", timedelta(days=7)),
    "month": ("30 days", timedelta(days=30)),
}
DEFAULT_PRESET = "week"
EXTENSION = timedelta(days=7)
NO_END = "none"


class Expiring(models.Model):
    """Adds `expires_at` and `is_expired`. A row expires at that very moment; without one it never does."""

    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")

    class Meta:
        abstract = True

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


def expired() -> Q:
    """Return the condition that `is_expired` states, for a queryset."""
    return Q(expires_at__lte=timezone.now())


def unexpired(at: datetime | Expression | None = None) -> Q:
    """Return the opposite of `expired()`, at another moment than now if one is given."""
    return Q(expires_at=None) | Q(expires_at__gt=timezone.now() if at is None else at)


def choices() -> list[tuple[str, str]]:
    """Return the presets that the operator allows, each with its label."""
    presets = [(key, label) for key, (label, _) in PRESETS.items()]
    return [*presets, (NO_END, "No end")] if settings.LINKS_MAY_LIVE_FOREVER else presets


def expiry_of(preset: str) -> datetime | None:
    """Return the moment that lies a preset ahead of now, None for no end. Raises InvalidExpiry."""
    if preset == NO_END:
        return None
    if preset not in PRESETS:
        raise InvalidExpiry(f"“{preset}” is none of {', '.join(PRESETS)}.")
    return timezone.now() + PRESETS[preset][1]


def check_expiry(expires_at: datetime | None) -> None:
    """Raise InvalidExpiry for a moment that has passed, or that lies further ahead than the operator allows."""
    if expires_at is None:
        if not settings.LINKS_MAY_LIVE_FOREVER:
            raise InvalidExpiry("Every link has an end here: choose when.")
        return
    if expires_at <= timezone.now():
        raise InvalidExpiry("That moment has passed: choose a later one.")
    if expires_at > timezone.now() + MAX_LIFE:
        raise InvalidExpiry("A link lives a year at most: choose an earlier date.")
