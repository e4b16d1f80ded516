"""Ending without a file: cancelled by somebody, expired, or arrived damaged."""

from contextlib import suppress

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from sharing.audit.record import Actor, record
from sharing.files.errors import UploadClosed
from sharing.files.models.file import File
from sharing.files.models.journey import Journey
from sharing.storage.bucket import get_bucket
from sharing.storage.errors import MultipartMissing

# Sent with `upload`, once for each, in the transaction that ended it without a file.
upload_ended = Signal()


class Ending(Journey):
    class Meta:
        abstract = True

    def cancel(self, *, by: Actor) -> None:
        """Give the quota back and have the bucket drop what was sent. Safe to repeat.

        Raises UploadClosed once the file has arrived.
        """
        self.end(self.State.CANCELLED, by=by)
        if self.state == self.State.COMPLETE:
            raise UploadClosed("The file has arrived: delete it instead.")

    def expire(self) -> None:
        """What becomes of an upload that nobody finished in time. Safe to repeat."""
        self.end(self.State.EXPIRED)

    def end(self, state: Journey.State, *, by: Actor = None) -> None:
        """End it in `state`, if it is open still: one conditional UPDATE decides."""
        from sharing.files.tasks import purge_file

        with transaction.atomic():
            now = timezone.now()
            still_open = type(self).objects.filter(pk=self.pk, state=self.State.OPEN)
            if still_open.update(state=state, finished_at=now):
                File.objects.filter(pk=self.file_id).update(deleted_at=now, discarded_at=now)
                self.file.owner.release(self.reserved)
                upload_ended.send(type(self), upload=self)
                record(f"upload.{state}", self.file, by=by)
                transaction.on_commit(lambda: purge_file.enqueue(str(self.file_id)))
        self.refresh_from_db()

    def drop_parts(self) -> None:
        """Have the bucket forget the parts of an upload that ended. Safe to repeat. Raises StorageError."""
        if self.multipart_id and self.state not in {self.State.OPEN, self.State.COMPLETE}:
            with suppress(MultipartMissing):
                get_bucket().abort_multipart(self.file.object_key, self.multipart_id)
