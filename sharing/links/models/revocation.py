"""Revoking a link, and stopping downloads whose URLs were issued already."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from sharing.audit.record import record
from sharing.background import enqueue_on_commit
from sharing.files.models import File
from sharing.links.models.base import LinkBase
from sharing.links.models.download import Download

if TYPE_CHECKING:
    from sharing.accounts.models import User


class Revocable(LinkBase):
    """Adds `revoked_at`."""

    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def revoke(self, *, by: "User", stop_downloads: bool = False) -> None:
        """Stop every later download; with `stop_downloads` also the URLs that were issued. Safe to repeat."""
        with transaction.atomic():
            now = timezone.now()
            if type(self).objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now):
                self.revoked_at = now
                record("link.revoked", self, by=by, **({"stop_downloads": True} if stop_downloads else {}))
                if stop_downloads:
                    self.stop_issued_downloads()

    def stop_issued_downloads(self, **only: int | str) -> None:
        """Have `stop_downloads()` run in the background; `only` are its arguments.

        After the transaction, so that a download that is under way when this is decided is found, too.
        """
        enqueue_on_commit("sharing.links.tasks.stop_downloads", self.pk, **only)

    def stop_downloads(self, *, recipient_id: int | None = None, file_id: str | None = None) -> None:
        """Rotate the keys of files that were downloaded lately, which invalidates their URLs. Safe to repeat.

        Previews are not known by recipient, so previewed files are rotated for any of them.
        """
        downloaded = Download.objects.lately().filter(link=self.pk)
        if recipient_id:
            downloaded = downloaded.filter(recipient=recipient_id)
        # A file that was removed from the link is none of its items any longer.
        files = File.objects.stored().filter(**({"pk": file_id} if file_id else {}))
        previewed = (files if file_id else files.filter(items__link=self.pk)).recently_opened()
        for file in files.filter(Q(pk__in=downloaded.values("file")) | Q(pk__in=previewed.values("pk"))):
            file.schedule_key_rotation()
