"""Finds out whether the bucket checks and keeps SHA-256 digests: S3, SeaweedFS and others do, some do not.

The doctor, a periodic job and the first upload that gets no digest back find it out, and all processes share the
answer by the cache. Where it is no, files are checked by their length alone, and say so.
"""

import base64
import hashlib
import secrets
from contextlib import suppress

from django.core.cache import cache

from sharing.http.best_effort import best_effort, best_effort_value
from sharing.storage.bucket import Bucket
from sharing.storage.errors import AccessRefused, BucketUnreachable, StorageError

_CACHE_KEY = "bucket-keeps-sha256"
_PROBE = b"waybill probe"


def keeps_sha256() -> bool:
    """True unless the bucket was found not to keep SHA-256 digests."""
    return best_effort_value(lambda: bool(cache.get(_CACHE_KEY, True)), otherwise=True)


def remember_sha256(*, kept: bool) -> None:
    with best_effort():  # else it is found out again
        cache.set(_CACHE_KEY, kept, timeout=None)


def checks_sha256(bucket: Bucket) -> bool:
    """True if the bucket refuses bytes that differ from their digest, and reports digests, also of multipart uploads.

    Takes some ten calls. Raises AccessRefused or BucketUnreachable, of which nothing follows.
    """
    key = f"doctor/{secrets.token_urlsafe(16)}"
    try:
        return _checks_whole(bucket, key) and _checks_parts(bucket, key)
    except (AccessRefused, BucketUnreachable):
        raise
    except StorageError:
        return False  # it refuses what it does not know
    finally:
        with suppress(StorageError):
            bucket.delete(key)


def _checks_whole(bucket: Bucket, key: str) -> bool:
    bucket.put(key, _PROBE, sha256=_digest(_PROBE))
    return bucket.head(key).sha256 == _digest(_PROBE) and _refuses_other_bytes(bucket, key)


def _refuses_other_bytes(bucket: Bucket, key: str) -> bool:
    try:
        bucket.put(key, _PROBE, sha256=_digest(_PROBE[::-1]))
    except (AccessRefused, BucketUnreachable):
        raise
    except StorageError:
        return True
    return False


def _checks_parts(bucket: Bucket, key: str) -> bool:
    multipart_id = bucket.create_multipart(key, content_type="text/plain", with_sha256=True)
    try:
        bucket.put_part(key, multipart_id, 1, _PROBE, sha256=_digest(_PROBE))
        parts = bucket.list_parts(key, multipart_id)
        bucket.complete_multipart(key, multipart_id, parts, digests={1: _digest(_PROBE)})
    except StorageError:
        with suppress(StorageError):
            bucket.abort_multipart(key, multipart_id)
        raise
    return bool(bucket.head(key).sha256)


def _digest(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()
