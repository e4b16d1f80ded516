"""Expiry: the one rule that says whether a link or a request has expired, for a row and for a query."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


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


def unexpired() -> Q:
    """Return the opposite of `expired()`."""
    return Q(expires_at=None) | Q(expires_at__gt=timezone.now())
