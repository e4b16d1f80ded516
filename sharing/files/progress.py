"""Upload progress, by the parts that the bucket has."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sharing.files.models import File, Upload
from sharing.storage.bucket import get_bucket
from sharing.storage.deadline import carried
from sharing.storage.errors import MultipartMissing

THREADS = 8
# Anybody may look, again and again: so many uploads are asked of the bucket, the newest.
MANY = 200


def arrived_bytes(files: Iterable[File]) -> dict[UUID, int]:
    """Return the bytes that the bucket has of each file that is not ready. A file sent by a form arrives all at once.

    Takes one query, and a call for each file of which parts may be there, of the newest 200. Raises StorageError.
    """
    started = Upload.objects.filter(file__in=files, state=Upload.State.OPEN).exclude(multipart_id="")
    uploads = list(started.select_related("file").order_by("-created_at")[:MANY])
    if not uploads:
        return {}
    _ = get_bucket().client  # made once, before threads race to make it
    with ThreadPoolExecutor(min(THREADS, len(uploads))) as pool:
        sizes = pool.map(carried(_stored_bytes), uploads)
        return {upload.file_id: size for upload, size in zip(uploads, sizes, strict=True)}


def _stored_bytes(upload: Upload) -> int:
    try:
        parts = get_bucket().list_parts(upload.file.object_key, upload.multipart_id)
    except MultipartMissing:
        return upload.file.size  # joined just now
    return sum(part.size for part in parts)
