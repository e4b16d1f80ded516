"""Background work on files: each task names one row and calls one verb, and may run twice."""

from django.tasks import task
from django.utils import timezone

from sharing.files.models import File, Upload
from sharing.storage.bucket import get_bucket


@task
def purge_file(file_id: str) -> None:
    """Remove a deleted file's object and parts from the bucket."""
    file = File.objects.select_related("upload").get(pk=file_id)
    file.upload.drop_parts()
    file.purge()


@task
def delete_object(key: str) -> None:
    """Delete an object that is no file's."""
    if not File.objects.filter(object_key=key).exists():
        get_bucket().delete(key)


@task
def expire_uploads() -> None:
    """End the uploads that nobody finished in time."""
    overdue = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lte=timezone.now())
    for upload in overdue.select_related("file__owner").iterator():
        upload.expire()


@task
def purge_deleted_files() -> None:
    """Catch up on objects that a lost task or an unreachable bucket left behind."""
    for file_id in File.objects.to_purge().values_list("pk", flat=True).iterator():
        purge_file.call(str(file_id))
