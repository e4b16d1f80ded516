"""An object that is no file's any longer, and what is done until it is seen to be gone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from sharing.files.object_keys import object_key_of
from sharing.storage.bucket import get_bucket

# Sent with `upload_id` and `size`, in the transaction that gives bytes back which an upload held and no file has.
quota_returned = Signal()


class LeftoverManager(models.Manager["Leftover"]):
    def leave(self, keys: Mapping[str, datetime]) -> None:
        """Note these keys, each with the moment until which a form may send its object again. Takes one INSERT.

        Call it in the transaction that takes the keys away from their files.
        """
        self.leave_all(Leftover(key=key, sendable_until=moment) for key, moment in keys.items())

    def leave_all(self, rows: "Iterable[Leftover]") -> None:
        """The same for rows that hold something of a quota, too, which the caller has charged."""
        self.bulk_create(rows, ignore_conflicts=True)

    def due(self) -> "models.QuerySet[Leftover]":
        """Those that can be forgotten: nothing that was signed brings them back."""
        return self.filter(sendable_until__lt=timezone.now())

    def clear(self, keys: Iterable[str]) -> None:
        """Delete the objects, and forget those that are gone for good. Safe to repeat. Raises StorageError."""
        for leftover in self.filter(key__in=keys):
            leftover.clear()


class Leftover(models.Model):
    """Kept as long as a presigned form could send it again: then a URL that was signed for it would work again, too."""

    key = models.CharField(max_length=100, unique=True)
    left_at = models.DateTimeField(default=timezone.now)
    sendable_until = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", editable=False
    )
    # The upload whose form may send it again, where the bytes count for whoever sent that, too.
    upload = models.ForeignKey(
        "files.Upload", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    held = models.PositiveBigIntegerField(
        default=0,
        editable=False,
        help_text="Bytes of the owner's quota that are taken until it is gone for good.",
    )

    objects: ClassVar[LeftoverManager] = LeftoverManager()

    class Meta:
        ordering = ["left_at"]

    def __str__(self) -> str:
        return self.key

    def clear(self) -> None:
        """Delete the object; once it cannot come back, and is seen to be gone, forget it. Raises StorageError."""
        bucket = get_bucket()
        if self._is_needed():
            return
        bucket.delete(self.key)
        if timezone.now() > self.sendable_until and not bucket.holds(self.key):
            self._forget()

    def _forget(self) -> None:
        with transaction.atomic():
            deleted, _ = Leftover.objects.filter(pk=self.pk).delete()
            if deleted and self.owner and self.held:
                self.owner.release(self.held)
                if self.upload_id:
                    quota_returned.send(Leftover, upload_id=self.upload_id, size=self.held)

    def _is_needed(self) -> bool:
        """Never so; but what is deleted here cannot be brought back."""
        files = apps.get_model("files", "File").objects.filter(purged_at=None)
        key = object_key_of(self.key)
        return bool(files.filter(Q(object_key=key) | Q(next_key=key)).exists())
