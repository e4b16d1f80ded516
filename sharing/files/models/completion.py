"""Completing uploads: the bucket is asked for many at once, and the database is told of all of them together."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.audit.record import record_all
from sharing.background import enqueue_on_commit
from sharing.files.errors import ArrivedDamaged, FilesError, NotArrived, UploadClosed, UploadLost
from sharing.files.models.base import UploadBase
from sharing.files.models.file import File
from sharing.files.models.orphaned_object import OrphanedObject
from sharing.files.models.part import Part
from sharing.files.models.senders import senders_of
from sharing.files.models.verification import CopyAbandoned, VerifiedObject
from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import keeps_sha256, remember_sha256
from sharing.storage.deadline import carried
from sharing.storage.errors import BucketUnreachable, StorageError
from sharing.storage.presigning import SLACK

THREADS = 8
# Longer than the bucket takes to copy what one form takes.
CLAIM = timedelta(minutes=10)
_COMPLETED_FIELDS = ["object_key", "size", "ready_at", "etag", "sha256", "check_made", "charged"]

# An upload that is complete, or why it is not.
type Outcome[U] = U | Exception


class Completable(UploadBase):
    # Until when one caller is completing it, which copies an object; None in between.
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_copied(self) -> bool:
        """True if its form is not pinned to its bytes, so that completion copies them: see Verifiable.verify()."""
        return not (self.is_multipart or self.with_sha256)

    def complete(self) -> None:
        """Join the parts, compare size and checksum with what the bucket reports, mark the file ready. Safe to repeat.

        Raises UploadClosed, NotArrived, ArrivedDamaged, StorageError.
        """
        (outcome,) = type(self).objects.complete_all([self])
        if isinstance(outcome, Exception):
            raise outcome

    if TYPE_CHECKING:
        objects: ClassVar["CompletionManager[Self]"]

        # Verifiable
        def verify(self, digests: dict[int, str]) -> VerifiedObject: ...


@dataclass(frozen=True)
class Completion:
    """An upload whose object was verified, and the bytes of quota that its completion releases."""

    upload: Completable
    verified: VerifiedObject
    spare: int

    @classmethod
    def of(cls, upload: Completable, verified: VerifiedObject) -> "Completion":
        """Return the completion; spare of the bytes reserved are those that nobody can send any more.

        `spare` is negative where a bucket turned out to keep no digests: then more is held than was reserved.
        """
        file = upload.file
        held = upload.form_limit if verified.key != file.object_key else 0
        return cls(upload, verified, spare=file.charged - verified.stored.size - held)


class CompletionManager[U: Completable](models.Manager[U]):
    def complete_all(self, uploads: Sequence[U]) -> list[Outcome[U]]:
        """Ask the bucket for each, and mark those ready that have arrived. Return what became of each, in order.

        Safe to repeat. Takes some eight queries, however many there are.
        """
        waiting = {upload.pk: upload for upload in uploads if upload.state != UploadBase.State.COMPLETE}
        outcomes: dict[UUID, Outcome[U]] = {upload.pk: upload for upload in uploads}
        keeps_digests = not waiting or keeps_sha256()
        copied = [
            upload.pk
            for upload in waiting.values()
            if upload.is_copied or not (keeps_digests or upload.is_multipart)
        ]
        claimed = self._claim(copied)
        for pk in set(copied) - claimed:
            outcomes[pk] = NotArrived(_("The upload is being completed. Try again in a moment."))
            del waiting[pk]
        try:
            outcomes |= self._complete_claimed(list(waiting.values()))
        finally:
            # The bucket may still be copying these, so they are not copied a second time meanwhile.
            abandoned = {pk for pk, outcome in outcomes.items() if isinstance(outcome, CopyAbandoned)}
            if claimed - abandoned:
                self.filter(pk__in=claimed - abandoned).update(claimed_until=None)
        return [outcomes[upload.pk] for upload in uploads]

    def _claim(self, ids: list[UUID]) -> set[UUID]:
        """Return those that nobody else is completing. Many calls at once would each make a copy, beyond any quota."""
        if not ids:
            return set()
        now = timezone.now()
        with transaction.atomic():
            unclaimed = self.select_for_update().filter(
                Q(claimed_until=None) | Q(claimed_until__lt=now), pk__in=ids
            )
            claimed = set(unclaimed.order_by("pk").values_list("pk", flat=True))
            self.filter(pk__in=claimed).update(claimed_until=now + CLAIM)
        return claimed

    def _complete_claimed(self, uploads: list[U]) -> dict[UUID, Outcome[U]]:
        outcomes: dict[UUID, Outcome[U]] = {}
        arrived: list[tuple[U, VerifiedObject]] = []
        for upload, verified in zip(uploads, _verify_all(uploads), strict=True):
            if isinstance(verified, VerifiedObject):
                arrived.append((upload, verified))
            else:
                outcomes[upload.pk] = _close_if_final(upload, verified)
        return outcomes | self._mark_complete(arrived)

    def _mark_complete(self, arrived: list[tuple[U, VerifiedObject]]) -> dict[UUID, Outcome[U]]:
        """Mark the files ready, each once. Where a racing call was first, its decision holds."""
        if not arrived:
            return {}
        orphans: list[OrphanedObject] = []
        completions: list[Completion] = []
        outcomes: dict[UUID, Outcome[U]] = {}
        with transaction.atomic():
            # Locked in one order, so that two of these cannot wait for each other.
            still_open = self.select_for_update().filter(
                pk__in=[upload.pk for upload, _ in arrived], state=UploadBase.State.OPEN
            )
            open_ids = set(still_open.order_by("pk").values_list("pk", flat=True))
            for upload, verified in arrived:
                is_first = upload.pk in open_ids
                if is_first:
                    completions.append(Completion.of(upload, verified))
                    outcomes[upload.pk] = upload
                if verified.key != upload.file.object_key:
                    orphans.append(_sent_object(upload) if is_first else _unused_copy(verified.key))
            self._save_completed(completions)
            _delete_later(orphans)
        for upload, _verified in arrived:
            if upload.pk not in open_ids:
                outcomes[upload.pk] = _as_decided(upload)
        if any(done.upload.with_sha256 and not done.verified.stored.sha256 for done in completions):
            remember_sha256(kept=False)
        return outcomes

    def _save_completed(self, completions: list[Completion]) -> None:
        """Save each file as the bucket has it, and release the quota that is spare."""
        now = timezone.now()
        for done in completions:
            upload, file, stored = done.upload, done.upload.file, done.verified.stored
            upload.state, upload.finished_at = UploadBase.State.COMPLETE, now
            file.object_key, file.check_made = done.verified.key, done.verified.check
            file.size, file.etag, file.sha256 = stored.size, stored.etag, stored.sha256
            file.charged, file.ready_at = stored.size, now
        self.filter(pk__in=[done.upload.pk for done in completions]).update(
            state=UploadBase.State.COMPLETE, finished_at=now
        )
        # One statement of plain values. Django's bulk_update() would build a CASE a field, and take five times as long.
        File.objects.bulk_create(
            [done.upload.file for done in completions],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_COMPLETED_FIELDS,
        )
        _release_spare(completions)


def _verify_all(uploads: Sequence[Completable]) -> list[VerifiedObject | FilesError | StorageError]:
    """Return what the bucket has of each. Rows are fetched first, so that threads ask the bucket alone."""
    digests: dict[UUID, dict[int, str]] = {upload.pk: {} for upload in uploads}
    in_parts = [upload.pk for upload in uploads if upload.is_multipart and upload.with_sha256]
    rows = Part.objects.filter(upload_id__in=in_parts).values_list("upload_id", "number", "sha256")
    for upload_id, number, sha256 in rows if in_parts else []:
        digests[upload_id][number] = sha256
    for upload in uploads:
        _ = upload.file

    away: list[BucketUnreachable] = []

    def verify(upload: Completable) -> VerifiedObject | FilesError | StorageError:
        if away:
            # It was asked several times already: a hundred uploads need not find that out in turn.
            return away[0]
        try:
            return upload.verify(digests[upload.pk])
        except BucketUnreachable as error:
            away.append(error)
            return error
        except (FilesError, StorageError) as error:
            return error

    if len(uploads) < 2:
        return [verify(upload) for upload in uploads]
    _ = get_bucket().client  # made once, before threads race to make it
    with ThreadPoolExecutor(min(THREADS, len(uploads))) as pool:
        return list(pool.map(carried(verify), uploads))


def _close_if_final(upload: Completable, error: FilesError | StorageError) -> Exception:
    """Close an upload that can never arrive any more."""
    if isinstance(error, ArrivedDamaged):
        upload.close(UploadBase.State.DAMAGED)
    elif isinstance(error, UploadLost):
        upload.close(UploadBase.State.EXPIRED)
    elif isinstance(error, CopyAbandoned):
        _charge_copy(upload, error.key)
    return error


def _charge_copy(upload: Completable, key: str) -> None:
    """Charge a copy that may still be made, even beyond the quota, until the bucket is seen not to hold it."""
    owner, size = upload.file.owner, upload.form_limit
    with transaction.atomic():
        owner.charge(size)
        _delete_later(
            [OrphanedObject(key=key, sendable_until=timezone.now() + CLAIM, owner=owner, held=size)]
        )


def _release_spare(completions: Iterable[Completion]) -> None:
    """Release spare quota, and record each arrival as its sender's. Takes some four queries for each sender."""
    senders = senders_of([done.upload for done in completions])
    by_sender: dict[str, list[Completion]] = {}
    for done in completions:
        by_sender.setdefault(senders[done.upload.pk].key, []).append(done)
    for arrived in by_sender.values():
        sender = senders[arrived[0].upload.pk]
        if spare := sum(done.spare for done in arrived):
            sender.owner.release(spare)
            sender.release(size=spare)
        sender.count_arrivals(len(arrived))
        files = (done.upload.file for done in arrived)
        ready = ((file, {"size": file.size, "check": file.check_made}) for file in files)
        record_all("file.ready", ready, by=sender.actor)


def _as_decided[U: Completable](upload: U) -> Outcome[U]:
    upload.refresh_from_db()
    if upload.state == UploadBase.State.COMPLETE:
        return upload
    return UploadClosed(_("This upload was cancelled while it was being completed."))


def _unused_copy(key: str) -> OrphanedObject:
    """Return a copy that was made too late. Nobody can send it, and the upload is charged for a copy already."""
    return OrphanedObject(key=key, sendable_until=timezone.now())


def _sent_object(upload: Completable) -> OrphanedObject:
    """Return the object that the upload's form has sent, and could send again: the form's limit stays charged."""
    until = timezone.now() + timedelta(seconds=upload.form_lifetime) + SLACK
    return OrphanedObject(
        key=upload.file.object_key,
        sendable_until=until,
        owner=upload.file.owner,
        upload_id=upload.pk,
        held=upload.form_limit,
    )


def _delete_later(orphans: list[OrphanedObject]) -> None:
    """Delete orphaned objects in the background, and once more when no form can send them any more."""
    if orphans:
        OrphanedObject.objects.add_all(orphans)
        enqueue_on_commit("sharing.files.tasks.delete_orphaned_objects", [orphan.key for orphan in orphans])
