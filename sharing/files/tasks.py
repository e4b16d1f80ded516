"""Background work on files: each task names one row and calls one verb, and may run twice."""

from datetime import timedelta
from itertools import batched

from django.tasks import task
from django.utils import timezone

from sharing.files.models import File, Upload
from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import checks_sha256, remember_sha256

# A page that is still open completes its uploads itself, and sooner.
HEAL_AFTER = timedelta(minutes=10)
HEAL_AT_ONCE = 100


@task
def purge_file(file_id: str) -> None:
    """Remove a deleted file's object and parts from the bucket."""
    file = File.objects.select_related("upload").get(pk=file_id)
    file.upload.drop_parts()
    file.purge()


@task
def delete_objects(keys: list[str]) -> None:
    """Delete those of these objects that are no file's."""
    kept = set(File.objects.filter(object_key__in=keys).values_list("object_key", flat=True))
    for key in keys:
        if key not in kept:
            get_bucket().delete(key)


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
def purge_deleted_files() -> None:
    """Catch up on objects that a lost task or an unreachable bucket left behind."""
    for file_id in File.objects.to_purge().values_list("pk", flat=True).iterator():
        purge_file.call(str(file_id))
