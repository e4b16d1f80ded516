"""Until when a link may live."""

from datetime import datetime, timedelta

from django.utils import timezone

from sharing.links.errors import InvalidExpiry

MAX_LIFE = timedelta(days=366)
PRESETS = {
    "hour": ("An hour", timedelta(hours=1)),
    "day": ("A day", timedelta(days=1)),
    "week": ("A week", timedelta(days=7)),
    "month": ("30 days", timedelta(days=30)),
}
DEFAULT_PRESET = "week"


def expiry_of(preset: str) -> datetime:
    """The moment that lies a preset ahead of now. Raises InvalidExpiry."""
    if preset not in PRESETS:
        raise InvalidExpiry(f"“{preset}” is none of {', '.join(PRESETS)}.")
    return timezone.now() + PRESETS[preset][1]


def check_expiry(expires_at: datetime | None) -> None:
    """Raises InvalidExpiry for a moment that has passed, or that lies more than a year ahead."""
    if expires_at is None:
        return
    if expires_at <= timezone.now():
        raise InvalidExpiry("That moment has passed: choose a later one.")
    if expires_at > timezone.now() + MAX_LIFE:
        raise InvalidExpiry("A link lives a year at most: choose an earlier date.")
