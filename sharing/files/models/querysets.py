"""Querysets of files by their state, and discarding many at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from itertools import batched
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import connections, models, transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone

from sharing.audit.models import Event
from sharing.audit.record import Actor, record_all
from sharing.background import enqueue_on_commit
from sharing.files.models.base import FileBase
from sharing.files.models.direct_url import DirectURL
from sharing.files.signals import usable_url_filters
from sharing.storage.presigning import LONGEST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from sharing.accounts.models import User

DISCARDED_AT_ONCE = 500
# However often a file is opened, the record says so once in that time.
OPENING_RECORDED_EVERY = timedelta(hours=1)
# So long after that may a URL work: it was signed at the end of that time at the latest.
OPENED_FOR = OPENING_RECORDED_EVERY + timedelta(seconds=LONGEST_SECONDS)


class FileQuerySet[F: FileBase](models.QuerySet[F]):
    # `isnull=False` and not `exclude(…=None)`, whose SQL SQLite does not know for the condition of a partial index.

    def present(self) -> Self:
        """Files that have arrived or still may, and are not deleted."""
        return self.filter(deleted_at=None)

    def ready(self) -> Self:
        return self.present().filter(ready_at__isnull=False)

    def in_folder(self, name: str) -> Self:
        """Return those in the folder or below it. Case-sensitive, unlike LIKE on SQLite."""
        if connections[self.db].vendor == "postgresql":
            return self.filter(Q(path=name) | Q(path__startswith=f"{name}/"))
        # By its bytes, of which "0" follows "/". One range around both: for two SQLite may read all files.
        within = self.filter(path__gte=name, path__lt=f"{name}0")
        return within.filter(Q(path=name) | Q(path__gte=f"{name}/"))

    def trashed(self) -> Self:
        """Return those that are deleted and can still be restored."""
        return self.filter(deleted_at__isnull=False, discarded_at=None)

    def stored(self) -> Self:
        """Return those that are ready or in the trash: their objects are to be kept."""
        return self.filter(ready_at__isnull=False, discarded_at=None)

    def with_usable_urls(self) -> Self:
        """Return those with a presigned URL that may still work: a direct one, a download, or a preview."""
        is_out = _opened() | Q(Exists(DirectURL.objects.usable().filter(file=OuterRef("pk"))))
        answers: Sequence[tuple[object, Any]] = usable_url_filters.send(self.model)
        return self.filter(reduce(or_, [others for _, others in answers], is_out))

    def recently_opened(self) -> Self:
        """Return those that their owners previewed or downloaded by presigned URLs that may still work."""
        return self.filter(_opened())

    def to_purge(self) -> Self:
        """Return those that are discarded, and whose object may be in the bucket or be sent again."""
        return self.filter(discarded_at__isnull=False, purged_at=None)

    def held_bytes(self, owner: "User") -> int:
        """Return the bytes of the owner's quota that discarded files hold while a form could send them again."""
        held: int | None = self.to_purge().filter(owner=owner).aggregate(held=Sum("charged"))["held"]
        return held or 0

    def trash(self, keys: "Iterable[UUID]", *, at: datetime, by: Actor) -> int:
        """Move those of these keys that are ready into the trash, and return how many. Safe to repeat.

        All of them get the same `deleted_at`, by which they are found to be restored together. Their links and their
        presigned URLs stop. Takes some six queries for each 500.
        """
        return sum(self._trash_some(some, at, by) for some in batched(keys, DISCARDED_AT_ONCE))

    @transaction.atomic
    def _trash_some(self, keys: "Collection[UUID]", at: datetime, by: Actor) -> int:
        files = list(self.ready().filter(pk__in=keys).order_by("pk").select_for_update(of=("self",)))
        locked = [file.pk for file in files]
        found: FileQuerySet[F] = FileQuerySet(self.model).filter(pk__in=locked)
        found.update(deleted_at=at)
        record_all("file.deleted", ((file, {"size": file.size}) for file in files), by=by)
        shared = set(DirectURL.objects.usable().filter(file__in=locked).values_list("file_id", flat=True))
        for file in files:
            if file.pk in shared:
                file.revoke_direct_urls(by=by)
        # Afterwards, so that a download that is under way just now is found, too.
        enqueue_on_commit("sharing.files.tasks.invalidate_presigned_urls", [str(key) for key in locked])
        if not settings.TRASH_DAYS:
            found.discard(by=by)
        return len(files)

    def restore(self, *, by: Actor) -> int:
        """Take those that are in the trash out of it, and return how many. Safe to repeat."""
        keys = list(self.trashed().order_by("pk").values_list("pk", flat=True))
        return sum(self._restore_some(some, by) for some in batched(keys, DISCARDED_AT_ONCE))

    @transaction.atomic
    def _restore_some(self, keys: "Collection[UUID]", by: Actor) -> int:
        rows: FileQuerySet[F] = FileQuerySet(self.model).trashed().filter(pk__in=keys)
        files = list(rows.order_by("pk").select_for_update(of=("self",)))
        rows.update(deleted_at=None)
        record_all("file.restored", ((file, {}) for file in files), by=by)
        return len(files)

    def discard(self, *, by: Actor = None) -> int:
        """Discard those of them that are in the trash, and return how many. Safe to repeat.

        Their objects are removed in the background, which releases the quota. Takes some five queries for each 500.
        """
        total = 0
        while count := self._discard_some(by):
            total += count
        if total:
            enqueue_on_commit("sharing.files.tasks.purge_discarded_files")
        return total

    @transaction.atomic
    def _discard_some(self, by: Actor) -> int:
        # Locked, so that what somebody restores just now is either restored or discarded.
        trashed = self.trashed().select_related("owner").order_by("pk")
        files = list(trashed.select_for_update(of=("self",))[:DISCARDED_AT_ONCE])
        FileQuerySet(self.model).filter(pk__in=[file.pk for file in files]).update(
            discarded_at=timezone.now()
        )
        record_all("file.discarded", ((file, {"size": file.size}) for file in files), by=by)
        return len(files)


def row_of[F: FileBase](file: F) -> FileQuerySet[F]:
    """Return the queryset of this file alone, for a conditional UPDATE."""
    return FileQuerySet(type(file)).filter(pk=file.pk)


def _opened() -> Q:
    opened = Event.objects.filter(action="file.opened", at__gt=timezone.now() - OPENED_FOR)
    # The record keeps keys as text, which no two databases make of a UUID in the same way.
    return Q(pk__in=set(opened.values_list("subject_id", flat=True)))
