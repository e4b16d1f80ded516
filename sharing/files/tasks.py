"""Background work on files: each task names one row and calls one verb, and may run twice."""

from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.tasks import task
from django.utils import timezone

from sharing.files.models import File, Leftover, Upload
from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import checks_sha256, remember_sha256

# A page that is still open completes its uploads itself, and sooner.
HEAL_AFTER = timedelta(minutes=10)
HEAL_AT_ONCE = 100
PURGE_AT_ONCE = 100
# A move that takes longer is joined, which does no harm.
MOVE_OVERDUE_AFTER = timedelta(minutes=5)
URGENT = 50


@task
def purge_file(file_id: str) -> None:
    """Remove a discarded file's object and parts from the bucket."""
    file = File.objects.select_related("upload").get(pk=file_id)
    file.upload.drop_parts()
    file.purge()


# Before all that can wait: as long as it is not done, what was revoked still works.
@task(priority=URGENT)
def move_file(file_id: str) -> None:
    """Move a file's object, so that the URLs that were signed for it die."""
    File.objects.get(pk=file_id).move()


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


@task
def finish_moves() -> None:
    """Do the moves that a lost task or an unreachable bucket left undone."""
    overdue = File.objects.stored().filter(move_asked_at__lte=timezone.now() - MOVE_OVERDUE_AFTER)
    for file_id in overdue.order_by("move_asked_at").values_list("pk", flat=True):
        move_file.enqueue(str(file_id))


@task
def clear_leftovers(keys: list[str] | None = None) -> None:
    """Delete these objects, which are no file's any longer; all there are by default."""
    leftovers = Leftover.objects.all() if keys is None else Leftover.objects.filter(key__in=keys)
    for leftover in leftovers.iterator():
        leftover.clear()


@task
def discard_expired_trash() -> None:
    """Take what has been in the trash long enough out of it."""
    File.objects.filter(deleted_at__lte=timezone.now() - timedelta(days=settings.TRASH_DAYS)).discard()


@task
def expire_uploads() -> None:
    """End the uploads that nobody finished in time."""
    overdue = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lte=timezone.now())
    for upload in overdue.select_related("file__owner").iterator():
        upload.expire()


@task
def heal_arrived_uploads() -> None:
    """Complete the uploads whose bytes are all in the bucket, but whose completion never came."""
    waiting = Upload.objects.filter(
        state=Upload.State.OPEN, created_at__lte=timezone.now() - HEAL_AFTER, expires_at__gt=timezone.now()
    )
    for uploads in batched(waiting.select_related("file__owner").iterator(HEAL_AT_ONCE), HEAL_AT_ONCE):
        Upload.objects.complete_all(uploads)


@task
def examine_checksums() -> None:
    """Find out whether the bucket checks and keeps SHA-256 digests, so that no upload has to."""
    remember_sha256(kept=checks_sha256(get_bucket()))


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
