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

from sharing.background import URGENT, periodic
from sharing.files.models import File, Leftover, Upload
from sharing.files.models.sending import NOTED_EVERY
from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import checks_sha256, remember_sha256
from sharing.storage.embedded import EmbeddedBucket
from sharing.storage.errors import BucketUnreachable, StorageError
from sharing.storage.signing import LONGEST_SECONDS

logger = logging.getLogger(__name__)

# A page that is still open completes its uploads itself, and sooner.
HEAL_AFTER = timedelta(minutes=10)
HEAL_AT_ONCE = 100
PURGE_AT_ONCE = 100
# A move that takes longer is joined, which does no harm.
MOVE_OVERDUE_AFTER = timedelta(seconds=10)
# What a move leaves behind is deleted by itself, else by the job that finishes moves, else every ten minutes.
LEFT_LATELY = timedelta(minutes=1)
TRIED_AGAIN_AFTER = timedelta(seconds=20)
# Whoever deletes for good may go on deleting, and has the room back within a minute.
RECLAIMED_AFTER = timedelta(seconds=15)


@task
def purge_file(file_id: str) -> None:
    """Remove a discarded file's object and parts from the bucket."""
    file = File.objects.select_related("upload", "owner").get(pk=file_id)
    file.upload.drop_parts()
    file.purge()
    _reclaim_soon()


# Before all that can wait: as long as it is not done, what was revoked still works.
@task(priority=URGENT)
def move_file(file_id: str) -> None:
    """Move a file's object, so that the URLs that were signed for it die."""
    File.objects.get(pk=file_id).move()
    _reclaim_soon()


@task(priority=URGENT)
def end_signed_urls(file_ids: list[str]) -> None:
    """Have what was signed for these files stop working, where it still may."""
    for file in File.objects.stored().handed_out().filter(pk__in=file_ids):
        file.ask_to_move()


@task(priority=URGENT)
def end_signed_urls_of(owner_id: int) -> None:
    """Have all that was signed for files of somebody who is suspended stop working."""
    for file in File.objects.stored().handed_out().filter(owner=owner_id, owner__is_active=False):
        file.ask_to_move()


def is_a_move_unfinished() -> bool:
    """Whether there is something for `finish_moves` to do. Takes two queries."""
    return _overdue_moves().exists() or _left_lately().exists()


@periodic(every=timedelta(seconds=10), is_needed=is_a_move_unfinished)
@task(priority=URGENT)
def finish_moves() -> None:
    """Do the moves that a lost task or an unreachable bucket left undone, and delete what such a move has left."""
    queued = _queued_for(move_file)
    for file_id in map(str, _overdue_moves().order_by("move_asked_at").values_list("pk", flat=True)):
        if [file_id] not in queued:
            move_file.enqueue(file_id)
    _clear(_left_lately())


def _overdue_moves() -> "QuerySet[File]":
    return File.objects.stored().filter(move_asked_at__lte=timezone.now() - MOVE_OVERDUE_AFTER)


def _left_lately() -> "QuerySet[Leftover]":
    now = timezone.now()
    return Leftover.objects.filter(left_at__gt=now - LEFT_LATELY, left_at__lte=now - MOVE_OVERDUE_AFTER)


@periodic(every=timedelta(minutes=1))
@task
def release_what_is_gone() -> None:
    """Remove what can no longer come back, so that its room is there again at once. Asks the bucket of nothing else."""
    Leftover.objects.clear(Leftover.objects.due().values_list("key", flat=True))
    waiting = File.objects.to_purge().select_related("upload", "owner")
    for file in waiting.iterator():
        if file.is_due:
            purge_file.call(str(file.pk))


@periodic(every=timedelta(minutes=1))
@task
def watch_parts() -> None:
    """End uploads of which the bucket has far more than was announced.

    Each part is pinned to its length, and S3 keeps one of each number; SeaweedFS keeps every one that is sent until the
    parts are joined, and a signature may be used again and again.
    """
    recent = timezone.now() - timedelta(seconds=LONGEST_SECONDS) - NOTED_EVERY
    watched = Upload.objects.filter(state=Upload.State.OPEN, parts_signed_at__gt=recent)
    for upload in watched.select_related("file__owner").iterator():
        upload.end_if_overfull()


@periodic(every=timedelta(minutes=10))
@task
def clear_leftovers(keys: list[str] | None = None) -> None:
    """Delete these objects, which are no file's any longer; all there are by default."""
    _clear(Leftover.objects.all() if keys is None else Leftover.objects.filter(key__in=keys))
    if keys:
        _reclaim_soon()


def _clear(leftovers: "QuerySet[Leftover]") -> None:
    try:
        for leftover in leftovers.iterator():
            leftover.clear()
    except BucketUnreachable:
        # As long as they are there, what was revoked still works.
        if [] not in _queued_for(clear_leftovers):
            clear_leftovers.using(run_after=timezone.now() + TRIED_AGAIN_AFTER).enqueue()
        raise


def _queued_for(task: "Task[..., Any]") -> list[Any]:
    """The arguments with which a task waits for a worker, or for its time: it need not wait twice."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=task.module_path)
    return [call["args"] for call in waiting.values_list("args_kwargs", flat=True)]


@periodic(every=timedelta(hours=1))
@task
def discard_expired_trash() -> None:
    """Take what has been in the trash long enough out of it."""
    File.objects.filter(deleted_at__lte=timezone.now() - timedelta(days=settings.TRASH_DAYS)).discard()


@periodic(every=timedelta(minutes=10))
@task
def expire_uploads() -> None:
    """End the uploads that nobody finished in time."""
    overdue = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lte=timezone.now())
    for upload in overdue.select_related("file__owner").iterator():
        upload.expire()


@periodic(every=timedelta(minutes=10))
@task
def heal_arrived_uploads() -> None:
    """Complete the uploads whose bytes are all in the bucket, but whose completion never came."""
    waiting = Upload.objects.filter(
        state=Upload.State.OPEN, created_at__lte=timezone.now() - HEAL_AFTER, expires_at__gt=timezone.now()
    )
    for uploads in batched(waiting.select_related("file__owner").iterator(HEAL_AT_ONCE), HEAL_AT_ONCE):
        Upload.objects.complete_all(uploads)


@periodic(every=timedelta(hours=1))
@task
def examine_checksums() -> None:
    """Find out whether the bucket checks and keeps SHA-256 digests, so that no upload has to."""
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
    """Have room given back where that is ours to do, once for all that is deleted meanwhile."""
    if settings.BUCKET.is_embedded and not _queued_for(reclaim_space):
        reclaim_space.using(run_after=timezone.now() + RECLAIMED_AFTER).enqueue()


@task
def reclaim_space() -> None:
    """Give the room of deleted objects back to the disk, which buckets elsewhere do by themselves.

    Beside the worker, since what is revoked must not wait for it.
    """
    if settings.BUCKET.is_embedded:
        Thread(target=_vacuum, name="vacuum", daemon=True).start()


def _vacuum() -> None:
    try:
        EmbeddedBucket(settings.BUCKET, settings.HOME, port=settings.BUCKET_PORT).vacuum()
    except StorageError:
        logger.exception("The room of deleted files is not given back yet")
