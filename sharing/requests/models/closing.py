"""Closing a request, and opening it again."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone

from sharing.audit.record import record
from sharing.requests.models.base import FileRequestBase

if TYPE_CHECKING:
    from sharing.accounts.models import User


class Closable(FileRequestBase):
    """Adds `closed_at`."""

    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def close(self, *, by: "User") -> None:
        """Take nothing new; what is on its way may arrive. Safe to repeat."""
        with transaction.atomic():
            now = timezone.now()
            if type(self).objects.filter(pk=self.pk, closed_at=None).update(closed_at=now):
                self.closed_at = now
                record("request.closed", self, by=by)

    def reopen(self, *, by: "User") -> None:
        """Take files again. Safe to repeat."""
        with transaction.atomic():
            if type(self).objects.filter(pk=self.pk).exclude(closed_at=None).update(closed_at=None):
                self.closed_at = None
                record("request.reopened", self, by=by)
