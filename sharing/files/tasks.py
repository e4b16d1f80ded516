"""Background work on files: each task names one row and calls one verb, and may run twice."""

import logging
from datetime import timedelta
from itertools import batched
from threading import Thread
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.tasks import Task, TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sharing.addresses.expiry import expired, unexpired
from sharing.background import URGENT, periodic
from sharing.files.models import File, OrphanedObject, Upload
from sharing.files.models.presigning import SIGNING_RECORDED_EVERY
from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import checks_sha256, remember_sha256
from sharing.storage.embedded import EmbeddedBucket
from sharing.storage.errors import BucketUnreachable, StorageError
from sharing.storage.presigning import LONGEST_SECONDS

logger = logging.getLogger(__name__)

# A page that is still open completes its uploads itself, and sooner.
COMPLETED_AFTER = timedelta(minutes=10)
COMPLETED_AT_ONCE = 100
PURGE_AT_ONCE = 100
# A rotation that takes longer is run a second time, which does no harm.
ROTATION_OVERDUE_AFTER = timedelta(seconds=10)
# Objects that a rotation orphans are deleted by it, else by finish_key_rotations, else every ten minutes.
RECENTLY_ORPHANED = timedelta(minutes=1)
RETRIED_AFTER = timedelta(seconds=20)
# Whoever deletes for good may go on deleting, and has the space back within a minute.
RECLAIMED_AFTER = timedelta(seconds=15)
# Bytes on the disk that no deletion of ours has left: a form that is sent again, or parts that are refused.
MAX_GARBAGE = 50_000_000


@task
def purge_file(file_id: str) -> None:
    """Remove a discarded file's object and parts from the bucket."""
    file = File.objects.select_related("upload", "owner").get(pk=file_id)
    file.upload.abort_multipart()
    file.purge()
    _reclaim_soon()


# Before all that can wait: as long as it is not done, what was revoked still works.
@task(priority=URGENT)
def rotate_key(file_id: str) -> None:
    """Copy a file's object to its next key, so that the URLs that were signed before die."""
    File.objects.get(pk=file_id).rotate_key()
    _reclaim_soon()


@task(priority=URGENT)
def invalidate_presigned_urls(file_ids: list[str]) -> None:
    """Rotate the keys of those of these files whose presigned URLs may still work."""
    for file in File.objects.stored().with_usable_urls().filter(pk__in=file_ids):
        file.schedule_key_rotation()


@task(priority=URGENT)
def invalidate_presigned_urls_of(owner_id: int) -> None:
    """Rotate the keys of a suspended owner's files whose presigned URLs may still work."""
    for file in File.objects.stored().with_usable_urls().filter(owner=owner_id, owner__is_active=False):
        file.schedule_key_rotation()


def is_key_rotation_unfinished() -> bool:
    """True if `finish_key_rotations` has something to do. Takes two queries."""
    return _overdue_rotations().exists() or _recently_orphaned().exists()


@periodic(every=timedelta(seconds=10), name="finish moves", is_needed=is_key_rotation_unfinished)
@task(priority=URGENT)
def finish_key_rotations() -> None:
    """Finish rotations that a lost task or an unreachable bucket left pending, and delete the objects they orphaned."""
    queued = _queued_for(rotate_key)
    for file_id in map(str, _overdue_rotations().order_by("move_asked_at").values_list("pk", flat=True)):
        if [file_id] not in queued:
            rotate_key.enqueue(file_id)
    _delete_objects(_recently_orphaned())


def _overdue_rotations() -> "QuerySet[File]":
    return File.objects.stored().filter(move_asked_at__lte=timezone.now() - ROTATION_OVERDUE_AFTER)


def _recently_orphaned() -> "QuerySet[OrphanedObject]":
    now = timezone.now()
    return OrphanedObject.objects.filter(
        left_at__gt=now - RECENTLY_ORPHANED, left_at__lte=now - ROTATION_OVERDUE_AFTER
    )


@periodic(every=timedelta(minutes=1), name="release what is gone")
@task
def release_purged_quota() -> None:
    """Purge objects that no form can send any more, which releases their quota. Asks the bucket about no others."""
    OrphanedObject.objects.delete_objects(OrphanedObject.objects.due().values_list("key", flat=True))
    waiting = File.objects.to_purge().select_related("upload", "owner")
    for file in waiting.iterator():
        if file.is_purgeable:
            purge_file.call(str(file.pk))


@periodic(every=timedelta(minutes=1), name="watch parts")
@task
def close_oversized_uploads() -> None:
    """Close uploads of which the bucket has far more than was announced.

    Each part is pinned to its length, and S3 keeps one of each number; SeaweedFS keeps every one that is sent until the
    parts are joined, and a signature may be used again and again.
    """
    recent = timezone.now() - timedelta(seconds=LONGEST_SECONDS) - SIGNING_RECORDED_EVERY
    watched = Upload.objects.filter(state=Upload.State.OPEN, parts_signed_at__gt=recent)
    for upload in watched.select_related("file__owner").iterator():
        upload.close_if_oversized()


@periodic(every=timedelta(minutes=10), name="clear leftovers")
@task
def delete_orphaned_objects(keys: list[str] | None = None) -> None:
    """Delete these orphaned objects; all of them by default."""
    _delete_objects(
        OrphanedObject.objects.all() if keys is None else OrphanedObject.objects.filter(key__in=keys)
    )
    if keys:
        _reclaim_soon()


def _delete_objects(orphans: "QuerySet[OrphanedObject]") -> None:
    try:
        for orphan in orphans.iterator():
            orphan.delete_object()
    except BucketUnreachable:
        # As long as they are there, what was revoked still works.
        if [] not in _queued_for(delete_orphaned_objects):
            delete_orphaned_objects.using(run_after=timezone.now() + RETRIED_AFTER).enqueue()
        raise


def _queued_for(task: "Task[..., Any]") -> list[Any]:
    """Return the arguments of each queued call of this task, so that it is not queued twice."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=task.module_path)
    return [call["args"] for call in waiting.values_list("args_kwargs", flat=True)]


@periodic(every=timedelta(hours=1))
@task
def discard_expired_trash() -> None:
    """Discard files that have been in the trash for TRASH_DAYS."""
    File.objects.filter(deleted_at__lte=timezone.now() - timedelta(days=settings.TRASH_DAYS)).discard()


@periodic(every=timedelta(minutes=10))
@task
def expire_uploads() -> None:
    """Close uploads that nobody finished in time."""
    overdue = Upload.objects.filter(expired(), state=Upload.State.OPEN)
    for upload in overdue.select_related("file__owner").iterator():
        upload.expire()


@periodic(every=timedelta(minutes=10), name="heal arrived uploads")
@task
def complete_arrived_uploads() -> None:
    """Complete the uploads whose bytes are all in the bucket, but whose completion never came."""
    waiting = Upload.objects.filter(
        unexpired(), state=Upload.State.OPEN, created_at__lte=timezone.now() - COMPLETED_AFTER
    )
    for uploads in batched(
        waiting.select_related("file__owner").iterator(COMPLETED_AT_ONCE), COMPLETED_AT_ONCE
    ):
        Upload.objects.complete_all(uploads)


@periodic(every=timedelta(hours=1), name="examine checksums")
@task
def detect_sha256_support() -> None:
    """Find out whether the bucket checks and keeps SHA-256 digests, before an upload does."""
    remember_sha256(kept=checks_sha256(get_bucket()))


@periodic(every=timedelta(hours=1))
@task
def purge_discarded_files(after: str | None = None) -> None:
    """Remove the objects of discarded files, a hundred at a time so that others get their turn."""
    waiting = File.objects.to_purge().order_by("pk")
    if after:
        waiting = waiting.filter(pk__gt=after)
    file_ids = [str(pk) for pk in waiting.values_list("pk", flat=True)[:PURGE_AT_ONCE]]
    for file_id in file_ids:
        purge_file.call(file_id)
    if len(file_ids) == PURGE_AT_ONCE:
        purge_discarded_files.enqueue(after=file_ids[-1])


def _reclaim_soon() -> None:
    """Queue a vacuum of the embedded bucket, unless one is queued."""
    if settings.BUCKET.is_embedded and not _queued_for(reclaim_space):
        reclaim_space.using(run_after=timezone.now() + RECLAIMED_AFTER).enqueue()


def is_garbage_left() -> bool:
    """True if the embedded bucket keeps more garbage on the disk than is worth a vacuum. Asks its volumes: 1 ms."""
    return settings.BUCKET.is_embedded and _embedded_bucket().garbage() > MAX_GARBAGE


@periodic(every=timedelta(minutes=1), is_needed=is_garbage_left)
@task
def reclaim_space() -> None:
    """Return the space of deleted objects to the disk. Only the embedded bucket needs it.

    Runs in a thread, so that urgent tasks need not wait for it.
    """
    if settings.BUCKET.is_embedded:
        Thread(target=_vacuum, name="vacuum", daemon=True).start()


def _vacuum() -> None:
    try:
        _embedded_bucket().vacuum()
    except StorageError:
        logger.exception("The room of deleted files is not given back yet")


def _embedded_bucket() -> EmbeddedBucket:
    return EmbeddedBucket(settings.BUCKET, settings.HOME, port=settings.BUCKET_PORT)


# Paths that an earlier release wrote into queued rows; kept for one release.
move_file = rotate_key
end_signed_urls = invalidate_presigned_urls
end_signed_urls_of = invalidate_presigned_urls_of
finish_moves = finish_key_rotations
release_what_is_gone = release_purged_quota
watch_parts = close_oversized_uploads
clear_leftovers = delete_orphaned_objects
heal_arrived_uploads = complete_arrived_uploads
examine_checksums = detect_sha256_support
