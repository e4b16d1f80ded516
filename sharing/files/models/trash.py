"""Deleting a file: into the trash, restored from it, and in the end removed from the bucket."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.audit.models import Event
from sharing.audit.record import Actor, record
from sharing.files.errors import NotInTrash
from sharing.files.models.base import FileBase
from sharing.files.models.orphaned_object import OrphanedObject
from sharing.files.models.querysets import row_of
from sharing.storage.bucket import get_bucket


class Trashed(FileBase):
    deleted_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("Since when it is in the trash.")
    )
    discarded_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy("When it left the trash and could not be restored any more."),
    )
    purged_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When the object was seen to be gone.")
    )

    class Meta:
        abstract = True

    @property
    def is_deleted(self) -> bool:
        """True if it is in the trash, or gone from it."""
        return self.deleted_at is not None

    @property
    def discards_at(self) -> datetime | None:
        """Return when it leaves the trash by itself; None if it is not deleted."""
        return self.deleted_at + timedelta(days=settings.TRASH_DAYS) if self.deleted_at else None

    def delete_by(self, user: Actor) -> None:
        """Stop its links and its presigned URLs, and keep it in the trash for TRASH_DAYS. Safe to repeat.

        Its bytes count towards the quota while they are kept. An upload that has not arrived is cancelled.
        """
        if not self.ready_at:
            self.upload.cancel(by=user)
            return
        self.deleted_at = timezone.now()
        row_of(self).trash([self.pk], at=self.deleted_at, by=user)

    def restore(self, *, by: Actor) -> None:
        """Take it out of the trash: its links work again, its direct URLs do not. Safe to repeat. Raises NotInTrash."""
        row = row_of(self)
        if not row.restore(by=by) and not row.present().exists():
            raise NotInTrash(
                _("“%(name)s” is no longer in the trash and cannot be restored.") % {"name": self.name}
            )
        self.deleted_at = None

    @property
    def was_restored(self) -> bool:
        """True if it was taken out of the trash before. Takes one query."""
        restored = Event.objects.filter(action="file.restored", subject_type="file", subject_id=str(self.pk))
        return restored.exists()

    def purge(self) -> None:
        """Remove a discarded file's object and thumbnail from the bucket, and see that they are gone. Safe to repeat.

        Once nothing that was signed can bring them back, the quota is released. Raises StorageError.
        """
        if not self.discarded_at or self.purged_at:
            return
        bucket = get_bucket()
        keys = [key for key in (self.object_key, self.next_key) if key]
        for key in keys:
            bucket.abort_multiparts(key)
        for key in (*keys, *self.thumbnail_keys(*keys)):
            bucket.delete(key)
            if bucket.holds(key):
                return
        if self.is_purgeable:
            # Until the last presigned form has expired, the object could still be sent again.
            self._release()

    @property
    def is_purgeable(self) -> bool:
        """True once no form can send its object again, so that purging it releases its quota."""
        return timezone.now() > self.forms_end_at

    def _release(self) -> None:
        """Release its quota, once: one conditional UPDATE decides."""
        now = timezone.now()
        with transaction.atomic():
            unpurged = row_of(self).filter(purged_at=None, charged=self.charged)
            if unpurged.update(purged_at=now, charged=0):
                self.owner.release(self.charged)
                if not self.ready_at:
                    self.upload.sender.release(size=self.charged)
        self.purged_at = now

    def mark_lost(self) -> None:
        """Delete it for good because the bucket no longer has its object, and release its quota. Safe to repeat."""
        with transaction.atomic():
            now = timezone.now()
            lost = row_of(self).ready()
            if lost.filter(charged=self.charged).update(
                deleted_at=now, discarded_at=now, purged_at=now, charged=0
            ):
                self.owner.release(self.charged)
                OrphanedObject.objects.add_keys(self.thumbnail_keys(self.object_key))
                record("file.lost", self, size=self.size)
