"""Deleting a link: it stops working, and no list or page of its owner shows it. Its record stays."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone

from sharing.audit.record import record
from sharing.links.models.base import LinkBase

if TYPE_CHECKING:
    from sharing.accounts.models import User


class Deletable(LinkBase):
    """Adds `deleted_at`."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def delete_by(self, user: "User") -> None:
        """Revoke it, stop downloads in progress, and hide it from its owner. Safe to repeat."""
        with transaction.atomic():
            self.revoke(by=user, stop_downloads=True)
            now = timezone.now()
            if type(self).objects.filter(pk=self.pk, deleted_at=None).update(deleted_at=now):
                self.deleted_at = now
                record("link.deleted", self, by=user)
