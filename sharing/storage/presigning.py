"""Builds presigned URLs, presigned forms and presigned parts, and decides the lifetime of each signature."""

from dataclasses import dataclass
from datetime import timedelta

from sharing.storage.connection import Connection
from sharing.storage.disposition import attachment, inline

# S3 refuses longer: X-Amz-Expires is at most seven days.
MAX_URL_SECONDS = 604_800
# A small picture is fetched at once, or asked for again by the page that shows it.
THUMBNAIL_SECONDS = 900
# A form of a size that nobody knows. One of a known size lives shorter, see form_lifetime().
FORM_SECONDS = 3300
_QUEUE_SECONDS = 600
_SLOWEST = 16 * 1024
# Asked for when it is about to be sent.
THUMBNAIL_FORM_SECONDS = 300

# Browsers, players and curl resume at the URL that they started with, so it must outlast the slowest transfer.
LEAST_SECONDS = 3600
LONGEST_SECONDS = 86_400
SLOWEST_LINE = 125_000  # bytes a second, which is 1 Mbit/s


def url_lifetime(size: int) -> int:
    """Return the lifetime in seconds of a URL for a transfer of `size` bytes: an hour, and its transfer at 1 Mbit/s.

    A day at most. To end it sooner, the object's key is rotated.
    """
    return min(LONGEST_SECONDS, LEAST_SECONDS + size // SLOWEST_LINE)


# How long after its end a form may still arrive: another clock signed it, or it was sent in the last moment.
SLACK = timedelta(minutes=5)


def form_lifetime(size: int) -> int:
    """Return the lifetime in seconds of a form for `size` bytes: ten minutes in a queue, and its transfer at 16 KiB/s.

    A service may look at the time only once the last byte has arrived. What has waited longer is signed again.
    """
    return min(FORM_SECONDS, _QUEUE_SECONDS + size // _SLOWEST)


@dataclass(frozen=True)
class PresignedPost:
    """A form that uploads one object: `fields` go before the file's own field, which is called `file`."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class PresignedPart:
    """A PUT of one part. The bucket refuses it without exactly these headers and this length in bytes."""

    number: int
    size: int
    url: str
    headers: dict[str, str]


class Presigning(Connection):
    def presign_download(
        self, key: str, *, filename: str, content_type: str, seconds: int = LEAST_SECONDS
    ) -> str:
        """Return the URL of a GET that saves the object as `filename`, good for `seconds` (1 to 604,800).

        No signature outlives the keys that made it: with temporary keys it ends when they do.
        """
        query = {
            "response-cache-control": "private, no-store",
            "response-content-disposition": attachment(filename),
            "response-content-type": content_type,
        }
        return self.signature().url("GET", self._public_url(key), query=query, headers={}, seconds=seconds)

    def presign_preview(
        self, key: str, *, filename: str, content_type: str, seconds: int = LEAST_SECONDS
    ) -> str:
        """Return the URL of a GET that shows the object as `content_type`, which must be one that runs no script."""
        query = {
            "response-cache-control": "private, no-store",
            "response-content-disposition": inline(filename),
            "response-content-type": content_type,
        }
        return self.signature().url("GET", self._public_url(key), query=query, headers={}, seconds=seconds)

    def presign_form(
        self,
        key: str,
        *,
        content_type: str,
        smallest: int,
        largest: int,
        sha256: str = "",
        redirect: str = "",
        seconds: int = FORM_SECONDS,
    ) -> PresignedPost:
        """Return a form for an object of `smallest` to `largest` bytes, pinned to its key, type and, if given, digest.

        `sha256` is in base64. `redirect` is where the bucket sends the browser afterwards; else it answers 201.
        """
        pinned = {"Content-Type": content_type}
        pinned |= {"success_action_redirect": redirect} if redirect else {"success_action_status": "201"}
        if sha256:
            pinned |= {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": sha256}
        fields = self.signature().form(
            bucket=self.name,
            key=key,
            fields=pinned,
            conditions=[["content-length-range", smallest, largest]],
            seconds=seconds,
        )
        return PresignedPost(self.config.bucket_url(self.config.public_endpoint_url), fields)

    def presign_part(
        self,
        key: str,
        multipart_id: str,
        *,
        number: int,
        size: int,
        sha256: str = "",
    ) -> PresignedPart:
        """Return a PUT of part `number`, pinned to its length in bytes and, if given, its SHA-256 (base64)."""
        headers = {"x-amz-checksum-sha256": sha256} if sha256 else {}
        url = self.signature().url(
            "PUT",
            self._public_url(key),
            query={"partNumber": str(number), "uploadId": multipart_id},
            headers={"content-length": str(size), **headers},
            seconds=url_lifetime(size),
        )
        return PresignedPart(number, size, url, headers)

    def _public_url(self, key: str) -> str:
        return self.config.object_url(self.config.public_endpoint_url, key)
