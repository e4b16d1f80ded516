"""Completing uploads: the bucket is asked for many at once, and the database is told of all of them together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.record import Actor, record_all
from sharing.background import enqueue_on_commit
from sharing.files.errors import ArrivedDamaged, FilesError, NotArrived, UploadClosed, UploadLost
from sharing.files.models.file import File
from sharing.files.models.orphaned_object import OrphanedObject
from sharing.files.models.part import Part
from sharing.files.models.upload import Upload
from sharing.files.models.verification import VerifiedObject
from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import keeps_sha256, remember_sha256
from sharing.storage.deadline import carried
from sharing.storage.errors import BucketUnreachable, StorageError
from sharing.storage.presigning import SLACK

THREADS = 8
# Longer than the bucket takes to copy what one form takes.
CLAIM = timedelta(minutes=10)
_SETTLED_FIELDS = ["object_key", "size", "ready_at", "etag", "sha256", "check_made", "charged"]

# Sent with `uploads`, `senders` and `spare`, in the transaction that completed them. Who knows that somebody else than
# its owner sent one of them writes the name into `senders`, by the upload's key; `spare` are the bytes each releases.
uploads_completed = Signal()

# An upload that is complete, or why it is not.
type Outcome = Upload | Exception


def complete_all(uploads: Sequence[Upload]) -> list[Outcome]:
    """Ask the bucket for each, and mark those ready that have verified. Takes some eight queries, however many."""
    waiting = {upload.pk: upload for upload in uploads if upload.state != Upload.State.COMPLETE}
    outcomes: dict[UUID, Outcome] = {upload.pk: upload for upload in uploads}
    keeps_digests = not waiting or keeps_sha256()
    copied = [upload for upload in waiting.values() if upload.is_copied or not keeps_digests]
    copied = [upload for upload in copied if not upload.is_multipart]
    claimed = _claim(copied)
    for pk in {upload.pk for upload in copied} - claimed:
        outcomes[pk] = NotArrived("The file is just being completed. Try again in a moment.")
        del waiting[pk]
    try:
        return _complete_claimed(uploads, waiting, outcomes)
    finally:
        if claimed:
            Upload.objects.filter(pk__in=claimed).update(claimed_until=None)


def _complete_claimed(
    uploads: Sequence[Upload], waiting: dict[UUID, Upload], outcomes: dict[UUID, Outcome]
) -> list[Outcome]:
    found: list[tuple[Upload, VerifiedObject]] = []
    for upload, verified in zip(waiting.values(), _verify_all(list(waiting.values())), strict=True):
        if isinstance(verified, VerifiedObject):
            found.append((upload, verified))
        else:
            outcomes[upload.pk] = _close_if_final(upload, verified)
    outcomes |= _mark_complete(found)
    return [outcomes[upload.pk] for upload in uploads]


def _claim(uploads: list[Upload]) -> set[UUID]:
    """Those that nobody else is completing: of many calls at once each would make a copy, beyond any quota."""
    if not uploads:
        return set()
    now = timezone.now()
    with transaction.atomic():
        unclaimed = Upload.objects.select_for_update().filter(
            Q(claimed_until=None) | Q(claimed_until__lt=now), pk__in=[upload.pk for upload in uploads]
        )
        claimed = set(unclaimed.order_by("pk").values_list("pk", flat=True))
        Upload.objects.filter(pk__in=claimed).update(claimed_until=now + CLAIM)
    return claimed


def _verify_all(uploads: list[Upload]) -> list[VerifiedObject | FilesError | StorageError]:
    """What the bucket has of each. What it takes from the database is fetched before: threads ask the bucket alone."""
    digests: dict[UUID, dict[int, str]] = {upload.pk: {} for upload in uploads}
    in_parts = [upload.pk for upload in uploads if upload.is_multipart and upload.with_sha256]
    rows = Part.objects.filter(upload_id__in=in_parts).values_list("upload_id", "number", "sha256")
    for upload_id, number, sha256 in rows if in_parts else []:
        digests[upload_id][number] = sha256
    for upload in uploads:
        _ = upload.file

    away: list[BucketUnreachable] = []

    def find(upload: Upload) -> VerifiedObject | FilesError | StorageError:
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
        return [find(upload) for upload in uploads]
    _ = get_bucket().client  # made once, before threads race to make it
    with ThreadPoolExecutor(min(THREADS, len(uploads))) as pool:
        return list(pool.map(carried(find), uploads))


def _close_if_final(upload: Upload, error: FilesError | StorageError) -> Exception:
    """End what can never arrive any more."""
    if isinstance(error, ArrivedDamaged):
        upload.end(Upload.State.DAMAGED)
    elif isinstance(error, UploadLost):
        upload.end(Upload.State.EXPIRED)
    return error


def _mark_complete(found: list[tuple[Upload, VerifiedObject]]) -> dict[UUID, Outcome]:
    """Mark the files ready, each once. Where a racing call was first, what it decided holds."""
    if not found:
        return {}
    orphans: list[OrphanedObject] = []
    first: list[tuple[Upload, VerifiedObject]] = []
    outcomes: dict[UUID, Outcome] = {}
    with transaction.atomic():
        # Locked in one order, so that two of these cannot wait for each other.
        still_open = Upload.objects.select_for_update().filter(
            pk__in=[upload.pk for upload, _ in found], state=Upload.State.OPEN
        )
        open_ids = set(still_open.order_by("pk").values_list("pk", flat=True))
        for upload, verified in found:
            signed_key = upload.file.object_key
            if upload.pk in open_ids:
                first.append((upload, verified))
                outcomes[upload.pk] = upload
            if verified.key != signed_key:
                is_first = upload.pk in open_ids
                orphans.append(_form_object(upload, signed_key) if is_first else _unused_copy(verified.key))
        _mark_ready(first)
        _delete_later(orphans)
    for upload, _ in found:
        if upload.pk not in open_ids:
            outcomes[upload.pk] = _as_decided(upload)
    if any(upload.with_sha256 and not verified.stored.sha256 for upload, verified in first):
        remember_sha256(kept=False)
    return outcomes


def _unused_copy(key: str) -> OrphanedObject:
    """A copy that came too late. Nobody can send it, and what its upload holds is held for a copy as well."""
    return OrphanedObject(key=key, sendable_until=timezone.now())


def _form_object(upload: Upload, key: str) -> OrphanedObject:
    """The object that the form of an upload has brought, and could bring again: held as much as it takes."""
    until = timezone.now() + timedelta(seconds=upload.form_lifetime) + SLACK
    return OrphanedObject(
        key=key, sendable_until=until, owner=upload.file.owner, upload=upload, held=upload.form_limit
    )


def _mark_ready(found: list[tuple[Upload, VerifiedObject]]) -> None:
    """Each file as the bucket has it; of the quota that was taken, what nobody can send any more goes back.

    Where a bucket turned out to keep no digests, more is held than was taken: that counts, too.
    """
    now = timezone.now()
    spare: dict[UUID, int] = {}
    for upload, verified in found:
        file = upload.file
        held = upload.form_limit if verified.key != file.object_key else 0
        spare[upload.pk] = file.charged - verified.stored.size - held
        upload.state, upload.finished_at = Upload.State.COMPLETE, now
        file.charged = verified.stored.size
        file.object_key, file.size, file.ready_at = verified.key, verified.stored.size, now
        file.etag, file.sha256 = verified.stored.etag, verified.stored.sha256
        file.check_made = verified.check
    uploads = [upload for upload, _ in found]
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).update(
        state=Upload.State.COMPLETE, finished_at=now
    )
    # One statement of plain values. Django's bulk_update() would build a CASE a field, and take five times as long.
    File.objects.bulk_create(
        [upload.file for upload in uploads],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_SETTLED_FIELDS,
    )
    by_owner: dict[User, int] = {}
    for upload in uploads:
        by_owner[upload.file.owner] = by_owner.get(upload.file.owner, 0) + spare[upload.pk]
    for owner, size in by_owner.items():
        if size:
            owner.release(size)
    _record_ready(uploads, spare)


def _record_ready(uploads: list[Upload], spare: dict[UUID, int]) -> None:
    """As the doing of whoever sent each. Takes one INSERT for each of them."""
    senders: dict[UUID, str] = {}
    uploads_completed.send(Upload, uploads=uploads, senders=senders, spare=spare)
    by_sender: dict[Actor, list[File]] = {}
    for upload in uploads:
        by_sender.setdefault(senders.get(upload.pk, upload.file.owner), []).append(upload.file)
    for sender, files in by_sender.items():
        happened = ((file, {"size": file.size, "check": file.check_made}) for file in files)
        record_all("file.ready", happened, by=sender)


def _as_decided(upload: Upload) -> Outcome:
    upload.refresh_from_db()
    if upload.state == Upload.State.COMPLETE:
        return upload
    return UploadClosed("This upload was cancelled while it was being completed.")


def _delete_later(orphans: list[OrphanedObject]) -> None:
    """Have objects deleted that are no file's, and once more when no form can send them any longer."""
    if orphans:
        OrphanedObject.objects.add_all(orphans)
        keys = [orphan.key for orphan in orphans]
        enqueue_on_commit("sharing.files.tasks.delete_orphaned_objects", keys)
