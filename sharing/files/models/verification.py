"""Checking what the bucket has of an upload. Only the bucket is asked, not the database, so threads may do it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sharing import wording
from sharing.files.digests import composite_sha256
from sharing.files.errors import ArrivedDamaged, NotArrived, UploadLost
from sharing.files.models.base import FileBase, UploadBase
from sharing.files.object_keys import new_object_key
from sharing.storage.bucket import get_bucket
from sharing.storage.errors import (
    BucketUnreachable,
    CallAbandoned,
    MultipartMissing,
    ObjectMissing,
    PartsRefused,
)
from sharing.storage.objects import StoredObject


@dataclass(frozen=True)
class VerifiedObject:
    """An object as the bucket reports it, the check it passed, and its key, which a copy changes."""

    stored: StoredObject
    check: FileBase.Check
    key: str


class CopyAbandoned(BucketUnreachable):
    """The bucket may finish this copy, under `key`, though nobody waits for it any longer."""

    def __init__(self, key: str, why: CallAbandoned) -> None:
        super().__init__(str(why))
        self.key = key


class Verifiable(UploadBase):
    class Meta:
        abstract = True

    def verify(self, digests: dict[int, str]) -> VerifiedObject:
        """Join the parts, and compare the size and checksum that the bucket reports. Return what it has.

        `digests` are the SHA-256 of the parts in base64, by number. Safe to repeat.

        Raises UploadClosed, UploadLost, NotArrived, ArrivedDamaged, StorageError.
        """
        self.require_open()
        if self.is_multipart:
            self._join_parts(digests)
        stored = self._stored_object()
        check = self._compare(stored, digests)
        if self.is_multipart or check == FileBase.Check.SHA256:
            return VerifiedObject(stored, check, self.file.object_key)
        # Somebody who holds a form that is not pinned to a digest could still overwrite the object.
        key, stored = self._copied_from_form(stored.size)
        return VerifiedObject(stored, self._compare(stored, digests), key)

    def _join_parts(self, digests: dict[int, str]) -> None:
        numbers = range(1, self.plan.part_count + 1)
        bucket, key = get_bucket(), self.file.object_key
        if not self.multipart_id:
            raise NotArrived(_("No part has been sent yet."), missing=list(numbers))
        try:
            stored = {part.number: part for part in bucket.list_parts(key, self.multipart_id)}
            missing = [n for n in numbers if n not in stored or stored[n].size != self.plan.length_of(n)]
            if missing:
                words = _("%(missing)s of %(parts)s parts are still missing.")
                raise NotArrived(words % {"missing": len(missing), "parts": len(numbers)}, missing=missing)
            pinned = digests if self.with_sha256 else {}
            bucket.complete_multipart(key, self.multipart_id, (stored[n] for n in numbers), digests=pinned)
        except MultipartMissing:
            pass  # joined by an earlier call that did not live to tell: the object itself says
        except PartsRefused as error:
            raise ArrivedDamaged(_("The storage could not join the parts. Upload the file again.")) from error

    def _stored_object(self) -> StoredObject:
        try:
            return get_bucket().head(self.file.object_key)
        except ObjectMissing as error:
            if self.is_multipart:
                raise UploadLost(_("The storage no longer has this upload. Start it again.")) from error
            raise NotArrived(
                _("The storage does not have the file yet. Upload it, then try again.")
            ) from error

    def _compare(self, stored: StoredObject, digests: dict[int, str]) -> FileBase.Check:
        """Return which check the object passed. Raises ArrivedDamaged."""
        if not self.is_plain and stored.size != self.file.size:
            raise ArrivedDamaged(
                _("The file should have %(expected)s, but %(size)s arrived. Upload it again.")
                % {"expected": wording.size(self.file.size), "size": wording.size(stored.size)}
            )
        if not (self.with_sha256 and stored.sha256):
            return FileBase.Check.SIZE
        expected = self.sha256
        if self.is_multipart:
            expected = composite_sha256(digests[number] for number in sorted(digests))
        if stored.sha256 != expected:
            raise ArrivedDamaged(_("The uploaded file does not match the original. Upload it again."))
        return FileBase.Check.SHA256

    def _copied_from_form(self, size: int) -> tuple[str, StoredObject]:
        """Copy the object to a key that nobody has signed; return that key, and what the bucket reports of the copy."""
        bucket, key = get_bucket(), new_object_key()
        try:
            bucket.copy(self.file.object_key, key, size=size, content_type=self.file.content_type)
        except ObjectMissing as error:
            raise NotArrived(_("The upload is being completed. Try again in a moment.")) from error
        except CallAbandoned as error:
            raise CopyAbandoned(key, error) from error
        return key, bucket.head(key)
