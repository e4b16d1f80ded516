"""Rotating an object's key: the object is copied to a key that nobody has signed, and every URL signed before dies.

The pending rotation stands in the row (`next_key`), and each step is one conditional UPDATE: a killed worker loses
nothing, and two workers that do the same do no harm.
"""

from django.db import models, transaction
from django.utils import timezone

from sharing.audit.record import record
from sharing.background import enqueue_on_commit
from sharing.files.errors import CopyDiffers
from sharing.files.models.base import FileBase
from sharing.files.models.direct_url import DirectURL
from sharing.files.models.orphaned_object import OrphanedObject
from sharing.files.models.part import Part
from sharing.files.models.querysets import row_of
from sharing.files.object_keys import new_object_key, thumbnail_key
from sharing.storage.bucket import get_bucket
from sharing.storage.errors import StorageError
from sharing.storage.objects import StoredObject


class Rekeyed(FileBase):
    # The key that the object is being copied to, and since when; both are None unless a rotation is pending.
    next_key = models.CharField(max_length=100, unique=True, null=True, blank=True, editable=False)
    move_asked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_rekeying(self) -> bool:
        """True if a rotation is pending, so that URLs signed before are about to die."""
        return self.next_key is not None

    def schedule_key_rotation(self) -> None:
        """Rotate the key in the background. Safe to repeat: a rotation that is pending serves this, too."""
        settled = row_of(self).stored().filter(next_key=None)
        if settled.update(next_key=new_object_key(), move_asked_at=timezone.now()):
            enqueue_on_commit("sharing.files.tasks.rotate_key", str(self.pk))

    def rotate_key(self) -> None:
        """Do the pending rotation: copy the object, save the new key, delete the old object. Safe to repeat.

        Takes as long as the bucket takes to copy. Raises StorageError, CopyDiffers.
        """
        self.refresh_from_db()
        old, new = self.object_key, self.next_key
        if new is None or self.discarded_at:
            return
        try:
            copy = self._copy_object(new)
            self.has_thumbnail = self.copy_thumbnail(new)
        except StorageError:
            if row_of(self).filter(next_key=new).exists():
                raise
            return  # a racing call was first, and took away what this one copied from
        orphaned_keys = self._save_key(old, new, copy)
        OrphanedObject.objects.delete_objects(orphaned_keys)
        self.refresh_from_db()

    def _copy_object(self, target: str) -> StoredObject:
        """Copy the object and compare the copy. Raises StorageError, CopyDiffers."""
        bucket, upload = get_bucket(), self.upload
        parts = Part.objects.filter(upload=upload.pk)
        is_digested = self.check_made == self.Check.SHA256
        bucket.copy(
            self.object_key,
            target,
            size=self.size,
            content_type=self.content_type,
            part_size=upload.part_size,
            digests=dict(parts.values_list("number", "sha256")) if is_digested else {},
        )
        copy = bucket.head(target)
        # A service may digest what is sent to it and not what it copies: then there is only the size to compare.
        if copy.size != self.size or (copy.sha256 and self.sha256 and copy.sha256 != self.sha256):
            raise CopyDiffers(f"The bucket's copy of {self.pk} is not the same: the file stays where it is.")
        return copy

    def _save_key(self, old: str, new: str, copy: StoredObject) -> list[str]:
        """Save the copy's key, and return the keys whose objects are to be deleted."""
        held: dict[str, int] = {}
        check = self.check_made if copy.sha256 else self.Check.SIZE
        now = timezone.now()
        with transaction.atomic():
            unmoved = row_of(self).stored().filter(object_key=old, next_key=new)
            if unmoved.update(
                object_key=new,
                next_key=None,
                move_asked_at=None,
                etag=copy.etag,
                sha256=copy.sha256,
                check_made=check,
                # One that arrived after the copy was made stays behind.
                has_thumbnail=self.has_thumbnail,
            ):
                # URLs signed for the old key die with it.
                DirectURL.objects.usable().filter(file=self.pk).update(revoked_at=now)
                left = [old]
                record("file.moved", self)
                held = self._bytes_still_sendable(old)
                self.owner.charge(sum(held.values()))
            else:
                # A racing call was first, perhaps long ago, or the file was discarded.
                needed = models.Q(object_key=new) | models.Q(next_key=new)
                left = [] if row_of(self).stored().filter(needed).exists() else [new]
            thumbnails = self.thumbnail_keys(*left)
            ends = dict.fromkeys(left, self.upload.form_ends_at) | thumbnails
            OrphanedObject.objects.add_all(
                OrphanedObject(key=key, sendable_until=ends_at, owner=self.owner, held=held.get(key, 0))
                for key, ends_at in ends.items()
            )
        return [*left, *thumbnails]

    def _bytes_still_sendable(self, key: str) -> dict[str, int]:
        """Return the bytes that forms may still send to the former key `key`, and to its thumbnail's, by key.

        They are charged even beyond the quota, since what was signed has to die now.
        """
        held = {thumbnail_key(key): self.thumbnail_limit} if self.thumbnail_limit else {}
        return held | ({key: self.size} if timezone.now() <= self.upload.form_ends_at else {})
