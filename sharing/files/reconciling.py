"""Reconciling the database with the bucket: what one of them has and the other does not.

Lists come page by page, so that any number of keys fits into memory. What is younger than the grace is left alone,
since an upload in progress may have an object, or a multipart upload, whose row is not written yet.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from sharing.files.models import File, Upload
from sharing.files.object_keys import KEY_PREFIX, object_key_of, thumbnail_key
from sharing.storage.bucket import Bucket, ListedObject
from sharing.storage.errors import MultipartMissing, ObjectMissing
from sharing.storage.multipart import UnfinishedMultipart

# Copying 5 TiB inside a bucket takes hours, and its row follows after.
GRACE = timedelta(days=1)
PAGE_SIZE = 1000
THREADS = 8
# How many files are looked for before it is said that none is there.
SAMPLE = 100


@dataclass(frozen=True)
class Difference:
    """One thing that does not match, in words for whoever runs the instance."""

    kind: str
    subject: str


class WrongBucket(Exception):
    """Database and bucket have no file in common, so that one of them is probably another instance's."""


class Reconciliation:
    """Finds the differences, one after the other, and repairs each as it is found where `repair` says so."""

    def __init__(
        self, bucket: Bucket, *, repair: bool = False, grace: timedelta = GRACE, page_size: int = PAGE_SIZE
    ) -> None:
        self.bucket = bucket
        self.repair = repair
        self.page_size = page_size
        self.before = timezone.now() - grace

    def run(self) -> Iterator[Difference]:
        """Safe to repeat, and to run while people upload. Raises WrongBucket, StorageError."""
        yield from self._objects_without_rows()
        yield from self._rows_without_objects()
        yield from self._stale_multiparts()

    # Objects without rows

    def _objects_without_rows(self) -> Iterator[Difference]:
        for page in self.bucket.list_objects(KEY_PREFIX, page_size=self.page_size):
            known = self._known({found.key for found in page})
            for found in page:
                if found.key not in known and self._is_old(found.modified_at):
                    yield self._delete(found)

    def _known(self, keys: set[str]) -> set[str]:
        """Those under which an object lies rightly, or is just being copied to."""
        named = {object_key_of(key) for key in keys}
        # An object that comes back after it was seen to be gone belongs to its row no longer.
        rows = File.objects.filter(Q(object_key__in=named) | Q(next_key__in=named), purged_at=None)
        known = set()
        for *pair, has_thumbnail in rows.values_list("object_key", "next_key", "has_thumbnail"):
            places = [key for key in pair if key]
            known.update(places)
            if has_thumbnail:
                known.update(map(thumbnail_key, places))
        return known

    def _delete(self, found: ListedObject) -> Difference:
        if self._may_repair:
            self.bucket.delete(found.key)
        return Difference("object without row", f"{found.key} ({found.size} bytes)")

    # Rows without objects

    def _rows_without_objects(self) -> Iterator[Difference]:
        ready = File.objects.ready().filter(ready_at__lt=self.before).select_related("owner").order_by("pk")
        page = list(ready[: self.page_size])
        while page:
            for file in self._lost(page):
                yield self._give_up(file)
            page = list(ready.filter(pk__gt=page[-1].pk)[: self.page_size])

    def _lost(self, files: list[File]) -> list[File]:
        """Those whose objects are not there. Threads ask the bucket alone."""

        def is_lost(file: File) -> bool:
            try:
                self.bucket.head(file.object_key)
            except ObjectMissing:
                return True
            return False

        with ThreadPoolExecutor(THREADS) as pool:
            return [file for file, lost in zip(files, pool.map(is_lost, files), strict=True) if lost]

    def _give_up(self, file: File) -> Difference:
        if self._may_repair:
            file.give_up()
        return Difference("row without object", f"{file.pk} “{file.name}” of {file.owner.email}")

    # Stale multipart uploads

    def _stale_multiparts(self) -> Iterator[Difference]:
        for page in self.bucket.list_multiparts(KEY_PREFIX, page_size=self.page_size):
            open_uploads = Upload.objects.filter(
                state=Upload.State.OPEN, multipart_id__in=[found.multipart_id for found in page]
            )
            needed = set(open_uploads.values_list("multipart_id", flat=True))
            moving = File.objects.stored().filter(next_key__in=[found.key for found in page])
            targets = set(moving.values_list("next_key", flat=True))
            for found in page:
                is_needed = found.multipart_id in needed or found.key in targets
                if not is_needed and self._is_old(found.begun_at):
                    yield self._abort(found)

    def _abort(self, found: UnfinishedMultipart) -> Difference:
        if self._may_repair:
            with suppress(MultipartMissing):
                self.bucket.abort_multipart(found.key, found.multipart_id)
        return Difference("stale multipart upload", f"{found.key} (begun {found.begun_at:%Y-%m-%d %H:%M})")

    @cached_property
    def _may_repair(self) -> bool:
        """Asked before the first repair, since a mistaken setting must not cost anybody a file."""
        if not self.repair:
            return False
        oldest = list(File.objects.ready().order_by("ready_at")[:SAMPLE])
        if len(self._lost(oldest)) == len(oldest):
            raise WrongBucket(
                f"The bucket {self.bucket.name} and the database have no file in common. "
                "Do they belong to one another? Nothing was changed."
            )
        return True

    def _is_old(self, moment: datetime) -> bool:
        return moment < self.before
