"""Closing an upload without a file: cancelled by somebody, expired, or arrived damaged."""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.audit.record import Actor, record
from sharing.background import enqueue_on_commit
from sharing.files.errors import UploadClosed
from sharing.files.models.base import UploadBase
from sharing.files.models.file import File
from sharing.storage.bucket import get_bucket
from sharing.storage.errors import MultipartMissing, StorageError


class Cancellable(UploadBase):
    class Meta:
        abstract = True

    def cancel(self, *, by: Actor) -> None:
        """Cancel it, and have the bucket drop what was sent. Safe to repeat.

        The quota is released once nothing that was signed can send the file any more: see File.purge().

        Raises UploadClosed once the file has arrived.
        """
        self.close(self.State.CANCELLED, by=by)
        if self.state == self.State.COMPLETE:
            raise UploadClosed(_("The upload is already complete. Delete the file instead."))

    def expire(self) -> None:
        """Close it because nobody finished it in time. Safe to repeat."""
        self.close(self.State.EXPIRED)

    def close(self, state: UploadBase.State, *, by: Actor = None) -> None:
        """Close it in `state` if it is still open: one conditional UPDATE decides."""
        with transaction.atomic():
            now = timezone.now()
            still_open = type(self).objects.filter(pk=self.pk, state=self.State.OPEN)
            if still_open.update(state=state, finished_at=now):
                File.objects.filter(pk=self.file_id).update(deleted_at=now, discarded_at=now)
                self.sender.release(files=1)
                record(f"upload.{state}", self.file, by=by)
                enqueue_on_commit("sharing.files.tasks.purge_file", str(self.file_id))
        self.refresh_from_db()

    def close_if_oversized(self) -> None:
        """Close it as damaged if the bucket holds more than twice what was announced. Raises StorageError.

        Less than that may be parts that were sent again because an answer was lost.
        """
        stored = sum(part.size for part in self.stored_parts())
        if stored > 2 * self.file.size:
            self.close(self.State.DAMAGED)

    def abort_multipart(self) -> None:
        """Abort the multipart upload of one that was closed. Safe to repeat. Raises StorageError."""
        if not self.multipart_id or self.state in {self.State.OPEN, self.State.COMPLETE}:
            return
        bucket, key = get_bucket(), self.file.object_key
        with suppress(MultipartMissing):
            bucket.abort_multipart(key, self.multipart_id)
            # A part that was on its way may have been kept: https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
            bucket.list_parts(key, self.multipart_id)
            raise StorageError(_("The bucket has not removed the parts of %(key)s yet.") % {"key": key})
