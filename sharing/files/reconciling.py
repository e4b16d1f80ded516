"""Reconciling the database with the bucket: what one of them has and the other does not.

A survey changes nothing; what it found is repaired afterwards, each thing looked at once more. Lists come page by page,
and rows beside them in the order of their keys: the bucket is asked by itself only for what its list did not tell.
What is younger than the grace is left alone, since an upload in progress may have an object, or a multipart upload,
whose row is not written yet. What this instance has not made is never touched: a bucket may hold anything.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Collate
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.files.models import File, Upload
from sharing.files.object_keys import KEY_PREFIX, is_of_our_form, is_ours, object_key_of, thumbnail_key
from sharing.storage.bucket import Bucket
from sharing.storage.errors import MultipartMissing, ObjectMissing
from sharing.storage.multipart import UnfinishedMultipart
from sharing.storage.objects import ListedObject
from sharing.wording import count, grouped

# Copying 5 TiB inside a bucket takes hours, and its row follows after.
GRACE = timedelta(days=1)
PAGE_SIZE = 1000
THREADS = 8

OBJECT_WITHOUT_ROW = "object without row"
ROW_WITHOUT_OBJECT = "row without object"
STALE_MULTIPART = "stale multipart upload"
NOT_OURS = "not ours"
MULTIPART_NOT_OURS = "multipart upload not ours"

# The order in which S3 lists keys, by which a database may not sort unless told to.
_BYTEWISE = {"postgresql": "C", "sqlite": "BINARY"}


@dataclass(frozen=True)
class Difference:
    """One difference, in words for the operator. `name` is the object key, or the file's id."""

    kind: str
    name: str
    detail: str
    multipart_id: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.detail}"

    @property
    def can_be_repaired(self) -> bool:
        return self.kind not in {NOT_OURS, MULTIPART_NOT_OURS}


class WrongBucket(Exception):
    """Database and bucket have so little in common that one of them is probably another instance's."""


class ListedFiles:
    """Walks the files that were ready before a moment beside the bucket's list. Takes one query, and little memory.

    Both come in the order of the keys' bytes. From a bucket with another order more files would seem unlisted.
    """

    def __init__(self, *, before: datetime) -> None:
        by_key = Collate("object_key", _BYTEWISE[connection.vendor])
        files = File.objects.ready().filter(ready_at__lt=before).order_by(by_key)
        self._files: Iterator[tuple[UUID, str, int]] = files.values_list("pk", "object_key", "size").iterator(
            PAGE_SIZE
        )
        self._next = next(self._files, None)
        self._unlisted: list[UUID] = []

    def read(self, page: Iterable[ListedObject]) -> int:
        """Go on to the end of this page of the list, and return how many files it has with their sizes."""
        count = 0
        for found in page:
            while self._next and self._next[1] < found.key:
                self._pass_by()
            if self._next and self._next[1:] == (found.key, found.size):
                self._next = next(self._files, None)
                count += 1
        return count

    def end(self) -> None:
        """Take those that are left as unlisted: the list has ended."""
        while self._next:
            self._pass_by()

    def take_unlisted(self, *, at_least: int = 1) -> list[UUID]:
        """Return the keys of the files that were passed by, each once; none if they are fewer than `at_least`."""
        if len(self._unlisted) < at_least:
            return []
        taken, self._unlisted = self._unlisted, []
        return taken

    def _pass_by(self) -> None:
        assert self._next  # noqa: S101
        self._unlisted.append(self._next[0])
        self._next = next(self._files, None)


class Reconciliation:
    """Finds differences one by one, and repairs those that it is given."""

    def __init__(self, bucket: Bucket, *, grace: timedelta = GRACE, page_size: int = PAGE_SIZE) -> None:
        self.bucket = bucket
        self.page_size = page_size
        self.before = timezone.now() - grace
        # Of objects under keys of our form, and of files: how many both sides know, and how many one of them.
        self.counts: Counter[str] = Counter()

    def survey(self) -> Iterator[Difference]:
        """Yield all differences without changing anything. Safe while people upload. Raises StorageError."""
        self.counts.clear()
        listing = ListedFiles(before=self.before)
        for page in self.bucket.list_objects(KEY_PREFIX, page_size=self.page_size):
            yield from self._objects_without_rows(page)
            self.counts["files there"] += listing.read(page)
            yield from self._rows_without_objects(listing.take_unlisted(at_least=self.page_size))
        listing.end()
        yield from self._rows_without_objects(listing.take_unlisted())
        yield from self._stale_multiparts()

    def require_common_ground(self) -> None:
        """Raise WrongBucket if most is unknown, so that no wrong setting costs a file. Call it after the survey."""
        told = (
            (
                "known objects",
                "unknown objects",
                _(
                    "The database does not know %(unknown)s of %(total)s objects. Do the bucket %(bucket)s and this "
                    "database belong together? Nothing was changed."
                ),
            ),
            (
                "files there",
                "files gone",
                _(
                    "%(unknown)s of %(total)s files are not in the bucket. Do the bucket %(bucket)s and this "
                    "database belong together? Nothing was changed."
                ),
            ),
        )
        for known, unknown, words in told:
            if self.counts[unknown] > self.counts[known]:
                total = grouped(self.counts[known] + self.counts[unknown])
                counted = {"unknown": grouped(self.counts[unknown]), "total": total}
                raise WrongBucket(words % {**counted, "bucket": self.bucket.name})

    def repair(self, differences: Iterable[Difference]) -> Iterator[Difference]:
        """Repair the differences that still exist, and yield them. Safe to repeat. Raises StorageError."""
        mend = {
            OBJECT_WITHOUT_ROW: self._delete,
            ROW_WITHOUT_OBJECT: self._mark_lost,
            STALE_MULTIPART: self._abort,
        }
        by_kind: dict[str, list[Difference]] = {kind: [] for kind in mend}
        for difference in differences:
            by_kind[difference.kind].append(difference)
        for kind, found in by_kind.items():
            for page in batched(found, self.page_size):
                yield from mend[kind](page)

    def _delete(self, page: Sequence[Difference]) -> Iterator[Difference]:
        known = self._known({found.name for found in page})
        for found in page:
            if found.name not in known and is_ours(found.name):
                self.bucket.delete(found.name)
                yield found

    def _mark_lost(self, page: Sequence[Difference]) -> Iterator[Difference]:
        named = {found.name: found for found in page}
        for file in self._lost(list(File.objects.ready().filter(pk__in=named).select_related("owner"))):
            file.mark_lost()
            yield named[str(file.pk)]

    def _abort(self, page: Sequence[Difference]) -> Iterator[Difference]:
        needed = self._needed_multiparts(page)
        for found in page:
            if found.multipart_id not in needed:
                with suppress(MultipartMissing):
                    self.bucket.abort_multipart(found.name, found.multipart_id)
                yield found

    # Objects without rows

    def _objects_without_rows(self, page: Sequence[ListedObject]) -> Iterator[Difference]:
        known = self._known({found.key for found in page})
        for found in page:
            if found.key in known:
                self.counts["known objects"] += 1
                continue
            if is_of_our_form(found.key):
                self.counts["unknown objects"] += 1
            if found.modified_at < self.before:
                detail = f"({count(found.size, 'byte')}, {found.modified_at:%Y-%m-%d %H:%M})"
                yield Difference(OBJECT_WITHOUT_ROW if is_ours(found.key) else NOT_OURS, found.key, detail)

    def _known(self, keys: set[str]) -> set[str]:
        """Return the keys whose object a row refers to, or is being copied to."""
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

    # Rows without objects

    def _rows_without_objects(self, ids: Sequence[UUID]) -> Iterator[Difference]:
        """Yield those of these files that the bucket, asked for each, does not have."""
        for some in batched(ids, self.page_size):
            page = list(File.objects.ready().filter(pk__in=some).select_related("owner").order_by("pk"))
            lost = self._lost(page)
            self.counts["files gone"] += len(lost)
            self.counts["files there"] += len(page) - len(lost)
            for file in lost:
                whose = _("“%(name)s” of %(owner)s") % {"name": file.name, "owner": file.owner.email}
                yield Difference(ROW_WITHOUT_OBJECT, str(file.pk), whose)

    def _lost(self, files: list[File]) -> list[File]:
        """Return the files whose objects the bucket does not have. Threads ask the bucket alone."""

        def is_lost(file: File) -> bool:
            try:
                self.bucket.head(file.object_key)
            except ObjectMissing:
                return True
            return False

        with ThreadPoolExecutor(THREADS) as pool:
            return [file for file, lost in zip(files, pool.map(is_lost, files), strict=True) if lost]

    # Stale multipart uploads

    def _stale_multiparts(self) -> Iterator[Difference]:
        for page in self.bucket.list_multiparts(KEY_PREFIX, page_size=self.page_size):
            found_here = [_multipart(found) for found in page if found.initiated_at < self.before]
            needed = self._needed_multiparts(found_here)
            ours = self._named_by_rows({found.name for found in found_here})
            for found in found_here:
                if found.name not in ours:
                    yield Difference(MULTIPART_NOT_OURS, found.name, found.detail, found.multipart_id)
                elif found.multipart_id not in needed:
                    yield found

    def _needed_multiparts(self, multiparts: Iterable[Difference]) -> set[str]:
        """Return the ids of those that an open upload, or a key rotation, still needs."""
        listed = list(multiparts)
        open_uploads = Upload.objects.filter(
            state=Upload.State.OPEN, multipart_id__in=[found.multipart_id for found in listed]
        )
        needed = set(open_uploads.values_list("multipart_id", flat=True))
        rekeyed = File.objects.stored().filter(next_key__in=[found.name for found in listed])
        targets = set(rekeyed.values_list("next_key", flat=True))
        return needed | {found.multipart_id for found in listed if found.name in targets}

    def _named_by_rows(self, keys: set[str]) -> set[str]:
        """Return the keys that a row names, whatever its state: parts are only ever sent to such keys."""
        rows = File.objects.filter(Q(object_key__in=keys) | Q(next_key__in=keys))
        named = {key for pair in rows.values_list("object_key", "next_key") for key in pair}
        return keys & named


def _multipart(found: UnfinishedMultipart) -> Difference:
    return Difference(
        STALE_MULTIPART, found.key, f"(begun {found.initiated_at:%Y-%m-%d %H:%M})", found.multipart_id
    )
