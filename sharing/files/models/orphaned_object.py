"""An object that belongs to no file any more, kept on record until the bucket is seen not to hold it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from sharing.files.object_keys import object_key_of
from sharing.storage.bucket import get_bucket


class OrphanedObjectManager(models.Manager["OrphanedObject"]):
    def add_keys(self, keys: Mapping[str, datetime]) -> None:
        """Record these keys, each with the time until which a form may send its object again. Takes one INSERT.

        Call it in the transaction that takes the keys away from their files.
        """
        self.add_all(OrphanedObject(key=key, sendable_until=moment) for key, moment in keys.items())

    def add_all(self, rows: "Iterable[OrphanedObject]") -> None:
        """Save these rows; keys that are recorded already are skipped. The caller has charged what they hold."""
        self.bulk_create(rows, ignore_conflicts=True)

    def due(self) -> "models.QuerySet[OrphanedObject]":
        """Return those that nobody can send again, so that their rows can go with their objects."""
        return self.filter(sendable_until__lt=timezone.now())

    def delete_objects(self, keys: Iterable[str]) -> None:
        """Delete the objects, and the rows of those that cannot come back. Safe to repeat. Raises StorageError."""
        for orphan in self.filter(key__in=keys):
            orphan.delete_object()


class OrphanedObject(models.Model):
    """Kept while somebody could send the object again by a form: URLs that were signed for it would then work again."""

    key = models.CharField(max_length=100, unique=True)
    left_at = models.DateTimeField(default=timezone.now)
    sendable_until = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", editable=False
    )
    # The upload whose form may send the object again: its sender may be charged for the bytes, too.
    upload = models.ForeignKey(
        "files.Upload", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    held = models.PositiveBigIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy("Bytes of the owner's quota that are taken until it is gone for good."),
    )

    objects: ClassVar[OrphanedObjectManager] = OrphanedObjectManager()

    class Meta:
        db_table = "files_leftover"
        ordering = ["left_at"]

    def __str__(self) -> str:
        return self.key

    def delete_object(self) -> None:
        """Delete the object; once it cannot come back and is seen to be gone, delete the row. Raises StorageError."""
        bucket = get_bucket()
        if self._is_referenced():
            return
        bucket.delete(self.key)
        if timezone.now() <= self.sendable_until:
            return
        if self.held:
            bucket.abort_multiparts(self.key)  # of a copy in parts that nobody waited for
        if not bucket.holds(self.key):
            self._release()

    def _release(self) -> None:
        """Delete the row and release the quota it holds, once."""
        with transaction.atomic():
            deleted, _ = OrphanedObject.objects.filter(pk=self.pk).delete()
            if deleted and self.owner and self.held:
                self.owner.release(self.held)
                if self.upload:
                    self.upload.sender.release(size=self.held)

    def _is_referenced(self) -> bool:
        """Safety check: never delete an object that a file still refers to."""
        files = apps.get_model("files", "File").objects.filter(purged_at=None)
        key = object_key_of(self.key)
        return bool(files.filter(Q(object_key=key) | Q(next_key=key)).exists())
