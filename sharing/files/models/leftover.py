"""An object that is no file's any longer, and what is done until it is seen to be gone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sharing.files.object_keys import object_key_of
from sharing.storage.bucket import get_bucket


class LeftoverManager(models.Manager["Leftover"]):
    def leave(self, keys: Mapping[str, datetime]) -> None:
        """Note these keys, each with the moment until which a form may send its object again. Takes one INSERT.

        Call it in the transaction that takes the keys away from their files.
        """
        rows = [Leftover(key=key, sendable_until=moment) for key, moment in keys.items()]
        self.bulk_create(rows, ignore_conflicts=True)

    def clear(self, keys: Iterable[str]) -> None:
        """Delete the objects, and forget those that are gone for good. Safe to repeat. Raises StorageError."""
        for leftover in self.filter(key__in=keys):
            leftover.clear()


class Leftover(models.Model):
    """Kept as long as a presigned form could send it again: then a URL that was signed for it would work again, too."""

    key = models.CharField(max_length=100, unique=True)
    left_at = models.DateTimeField(default=timezone.now)
    sendable_until = models.DateTimeField()

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
            self.delete()

    def _is_needed(self) -> bool:
        """Never so; but what is deleted here cannot be brought back."""
        files = apps.get_model("files", "File").objects.filter(purged_at=None)
        key = object_key_of(self.key)
        return bool(files.filter(Q(object_key=key) | Q(next_key=key)).exists())
