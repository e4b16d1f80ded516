"""The doctor's probe: a few bytes under keys of their own, and the requests that send, read and forge them."""

import base64
import hashlib
import secrets

import urllib3
from django.utils.translation import gettext as _

from sharing.storage.bucket import Bucket
from sharing.storage.presigning import PresignedPost

PROBE = b"waybill doctor"
PROBE_SHA256 = base64.b64encode(hashlib.sha256(PROBE).digest()).decode()
# As long as the probe, so that nothing but the digest can tell them apart.
FORGED = PROBE[::-1]
REFUSED = range(400, 500)
TIMEOUT_SECONDS = 10


class Unwell(Exception):
    """A check did not go as it must."""


class Probe:
    """The objects of one examination, and requests for them as a browser or a stranger makes them.

    `checks_sha256` is True if the bucket checks and keeps digests; None until that has been examined.
    """

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.checks_sha256: bool | None = None
        self.key = f"doctor/{secrets.token_urlsafe(16)}"
        self.http = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False)

    @property
    def parts_key(self) -> str:
        return f"{self.key}-parts"

    @property
    def elsewhere(self) -> str:
        return f"{self.key}-elsewhere"

    @property
    def anonymous(self) -> str:
        return f"{self.key}-anonymous"

    @property
    def address(self) -> str:
        """The bucket as a browser reaches it, unsigned."""
        return self.form(0, len(PROBE)).url.rstrip("/")

    @property
    def sha256(self) -> str:
        return PROBE_SHA256 if self.checks_sha256 else ""

    def create_multipart(self) -> str:
        return self.bucket.create_multipart(
            self.parts_key, content_type="text/plain", with_sha256=bool(self.checks_sha256)
        )

    def form(self, smallest: int, largest: int, *, sha256: str = "") -> PresignedPost:
        return self.bucket.presign_form(
            self.key, content_type="text/plain", smallest=smallest, largest=largest, sha256=sha256
        )

    def send(self, form: PresignedPost, body: bytes) -> urllib3.BaseHTTPResponse:
        return self.http.request("POST", form.url, fields={**form.fields, "file": ("probe.txt", body)})

    def put_part(self, multipart: str, body: bytes) -> urllib3.BaseHTTPResponse:
        """Send `body` on a signature for the probe."""
        part = self.bucket.presign_part(
            self.parts_key, multipart, number=1, size=len(PROBE), sha256=self.sha256
        )
        return self.http.request("PUT", part.url, body=body, headers=part.headers)

    def download_url(self, *, seconds: int = 60) -> str:
        return self.bucket.presign_download(
            self.key, filename="résumé.txt", content_type="text/plain", seconds=seconds
        )


def expect(status: int, answer: urllib3.BaseHTTPResponse, what: str) -> None:
    """Raise Unwell if the bucket did not answer with this status."""
    if answer.status != status:
        raise Unwell(
            _("%(what)s was answered with status %(status)s: %(body)s")
            % {
                "what": what,
                "status": answer.status,
                "body": answer.data[:200].decode(errors="replace"),
            }
        )


def expect_refusal(answer: urllib3.BaseHTTPResponse, what: str) -> None:
    """Raise Unwell if the bucket did not refuse."""
    if answer.status not in REFUSED:
        raise Unwell(
            _("%(what)s was not refused (status %(status)s).") % {"what": what, "status": answer.status}
        )
