"""Expiry of links and requests: the one rule that says whether one has expired, and what an owner may choose."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Expression, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sharing.addresses.errors import InvalidExpiry
from sharing.site.current import site

PRESETS = {
    "hour": (gettext_lazy("1 hour"), timedelta(hours=1)),
    "day": (gettext_lazy("1 day"), timedelta(days=1)),
    "week": (gettext_lazy("1 week"), timedelta(days=7)),
    "month": (gettext_lazy("30 days"), timedelta(days=30)),
}
EXTENSION = timedelta(days=7)
NO_END = "none"


class Expiring(models.Model):
    """Adds `expires_at` and `is_expired`. A row expires at that very moment; without one it never does."""

    expires_at = models.DateTimeField(null=True, blank=True, help_text=gettext_lazy("Empty: never."))

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
    longest = timedelta(days=site.longest_expiry_days)
    presets = [(key, str(label)) for key, (label, life) in PRESETS.items() if life <= longest]
    return [*presets, (NO_END, _("No expiry"))] if site.links_may_live_forever else presets


def default_preset(own: str = "") -> str:
    """Return the preset of a new link: a user's own default, else the site's, else the longest that is allowed."""
    allowed = [key for key, _label in choices()]
    timed = [key for key in allowed if key != NO_END]
    return next((preset for preset in (own, site.default_expiry) if preset in allowed), timed[-1])


def expiry_of(preset: str) -> datetime | None:
    """Return the moment that lies a preset ahead of now, None for no end. Raises InvalidExpiry."""
    if preset == NO_END:
        return None
    if preset not in PRESETS:
        raise InvalidExpiry(
            _("“%(preset)s” is not one of %(presets)s.") % {"preset": preset, "presets": ", ".join(PRESETS)}
        )
    return timezone.now() + PRESETS[preset][1]


def check_expiry(expires_at: datetime | None) -> None:
    """Raise InvalidExpiry for a moment that has passed, or that lies further ahead than the operator allows."""
    if expires_at is None:
        if not site.links_may_live_forever:
            raise InvalidExpiry(_("Links must expire here. Choose a date."))
        return
    if expires_at <= timezone.now():
        raise InvalidExpiry(_("This date is in the past. Choose a later one."))
    days = site.longest_expiry_days
    if expires_at > timezone.now() + timedelta(days=days):
        words = ngettext(
            "A link can last %(n)s day at most. Choose an earlier date.",
            "A link can last %(n)s days at most. Choose an earlier date.",
            days,
        )
        raise InvalidExpiry(words % {"n": days})
