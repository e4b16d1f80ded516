"""The doctor: checks from outside, without credentials, what must work and what must be refused.

Every finding comes from a real request to the bucket. What the examination writes lies under `doctor/`
and is deleted at its end.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import urllib3

from sharing.storage.bucket import Bucket
from sharing.storage.checksums import checks_sha256
from sharing.storage.errors import AccessRefused, StorageError
from sharing.storage.presigning import PresignedPost

PROBE = b"waybill doctor"
PROBE_SHA256 = base64.b64encode(hashlib.sha256(PROBE).digest()).decode()
# As long as the probe, so that nothing but the digest can tell them apart.
FORGED = PROBE[::-1]
REFUSED = range(400, 500)
TIMEOUT_SECONDS = 10
RIGHTS = "Give Waybill's key the rights to read, write, list and delete in this bucket."
# A method, and the headers with which a preflight asks for it: the archive's worker goes on by Range and If-Match.
BROWSERS_SEND = [
    ("PUT", "content-type,x-amz-checksum-sha256"),
    ("POST", "content-type,x-amz-checksum-sha256"),
    ("GET", "if-match,range"),
]


@dataclass(frozen=True)
class Finding:
    """The result of one check. `remedy` says what to do if it failed."""

    check: str
    is_well: bool
    detail: str
    remedy: str = ""


class Unwell(Exception):
    """A check did not go as it must."""


class Doctor:
    """Examines one bucket, for browsers at `origins`."""

    def __init__(self, bucket: Bucket, origins: list[str]) -> None:
        self.bucket = bucket
        self.origins = origins
        # Whether the bucket checks and keeps digests; None until that has been examined.
        self.checks_sha256: bool | None = None
        self.key = f"doctor/{secrets.token_urlsafe(16)}"
        self._http = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False)

    def examine(self) -> Iterator[Finding]:
        """One finding a check, in the order in which they matter; ends early where the bucket does not answer."""
        checks: list[tuple[str, Callable[[], str], str]] = [
            ("SHA-256", self._knows_sha256, "The service must answer whether it does SHA-256 or not."),
            ("A form uploads", self._form_uploads, "Compare the clock, the keys and the endpoint settings."),
            ("A form refuses", self._form_refuses, "This service ignores POST policies: do not use it."),
            ("Parts upload", self._parts_upload, "The service must support multipart uploads."),
            ("Parts refuse", self._parts_refuse, "This service ignores signed headers: do not use it."),
            (
                "A download works",
                self._download_works,
                "Check S3_PUBLIC_ENDPOINT_URL: is it the signed host?",
            ),
            (
                "A download refuses",
                self._download_refuses,
                "This service does not check signatures: do not use it.",
            ),
            ("Lists", self._lists, "Reconciling, and dropping what was begun, need lists."),
            ("Deletes", self._deletes, "Files that are deleted would stay in the bucket."),
            ("Private", self._is_private, "Remove every public policy and ACL, and block public access."),
            (
                "CORS",
                self._cors_is_right,
                "Run `manage.py doctor --mend-cors`, or allow the site's origin yourself.",
            ),
        ]
        first = self._finding(
            "Reachable", self._is_reachable, "Check S3_ENDPOINT_URL, S3_BUCKET and the keys."
        )
        yield first
        if not first.is_well:
            return
        try:
            for name, check, remedy in checks:
                yield self._finding(name, check, remedy)
        finally:
            for key in (self.key, self._parts_key, self._elsewhere, self._anonymous):
                with suppress(StorageError):
                    self.bucket.delete(key)

    def _finding(self, name: str, check: Callable[[], str], remedy: str) -> Finding:
        try:
            return Finding(name, is_well=True, detail=check())
        except Unwell as error:
            return Finding(name, is_well=False, detail=str(error), remedy=remedy)
        except AccessRefused as error:
            return Finding(name, is_well=False, detail=str(error), remedy=RIGHTS)
        except (StorageError, urllib3.exceptions.HTTPError) as error:
            return Finding(name, is_well=False, detail=f"No proper answer: {error}", remedy=remedy)

    @property
    def _parts_key(self) -> str:
        return f"{self.key}-parts"

    @property
    def _elsewhere(self) -> str:
        return f"{self.key}-elsewhere"

    @property
    def _anonymous(self) -> str:
        return f"{self.key}-anonymous"

    @property
    def _address(self) -> str:
        """The bucket as a browser reaches it, unsigned."""
        return self._form(0, len(PROBE)).url.rstrip("/")

    # The checks: each returns what it saw, or raises Unwell

    def _is_reachable(self) -> str:
        if not self.bucket.exists():
            raise Unwell(f"There is no bucket called {self.bucket.name}.")
        return f"{self.bucket.name} answers at {self.bucket.client.meta.endpoint_url}"

    def _knows_sha256(self) -> str:
        self.checks_sha256 = checks_sha256(self.bucket)
        if self.checks_sha256:
            return "the bucket refuses other bytes than the digest's, and keeps digests"
        return "not kept here: files are checked by their size alone, and say so"

    def _form_uploads(self) -> str:
        form = self._form(len(PROBE), len(PROBE), sha256=self._probe_sha256)
        self._expect(201, self._send(form, PROBE), "A right form")
        stored = self.bucket.head(self.key)
        if stored.size != len(PROBE):
            raise Unwell(f"{len(PROBE)} bytes were sent and {stored.size} are stored.")
        return f"with its {'SHA-256' if self.checks_sha256 else 'length'} pinned"

    def _form_refuses(self) -> str:
        exact = self._form(len(PROBE), len(PROBE), sha256=self._probe_sha256)
        self._expect_refusal(self._send(exact, PROBE + b"!"), "A byte too many")
        if self.checks_sha256:
            self._expect_refusal(self._send(exact, FORGED), "Other bytes than the digest's")
        moved = PresignedPost(exact.url, exact.fields | {"key": self._elsewhere})
        self._expect_refusal(self._send(moved, PROBE), "Another key than the signed one")
        return f"a byte too many, {'other bytes, ' if self.checks_sha256 else ''}another key"

    def _parts_upload(self) -> str:
        multipart = self._create_multipart()
        try:
            self._expect(200, self._put_part(multipart, PROBE), "A right part")
            parts = self.bucket.list_parts(self._parts_key, multipart)
            digests = {1: PROBE_SHA256} if self.checks_sha256 else {}
            self.bucket.complete_multipart(self._parts_key, multipart, parts, digests=digests)
        except (Unwell, StorageError):
            with suppress(StorageError):
                self.bucket.abort_multipart(self._parts_key, multipart)
            raise
        return f"with their {'SHA-256' if self.checks_sha256 else 'length'} pinned"

    def _parts_refuse(self) -> str:
        multipart = self._create_multipart()
        try:
            self._expect_refusal(self._put_part(multipart, PROBE + b"!"), "A part of the wrong length")
            if self.checks_sha256:
                self._expect_refusal(self._put_part(multipart, FORGED), "A part with other bytes")
        finally:
            with suppress(StorageError):
                self.bucket.abort_multipart(self._parts_key, multipart)
        return f"a wrong length{', other bytes' if self.checks_sha256 else ''}"

    def _download_works(self) -> str:
        answer = self._http.request("GET", self._download_url())
        self._expect(200, answer, "A presigned download")
        if answer.data != PROBE:
            raise Unwell("A presigned download gave other bytes than were stored.")
        if "UTF-8''r%C3%A9sum%C3%A9.txt" not in answer.headers.get("Content-Disposition", ""):
            raise Unwell("The signed file name is not honoured.")
        return "same bytes, right name"

    def _download_refuses(self) -> str:
        url = self._download_url()
        tampered = url[:-1] + ("0" if url[-1] != "0" else "1")
        self._expect_refusal(self._http.request("GET", tampered), "A tampered signature")
        short = self._download_url(seconds=1)
        time.sleep(2.1)
        self._expect_refusal(self._http.request("GET", short), "An expired URL")
        return "a tampered signature, an expired URL"

    def _lists(self) -> str:
        listed = {found.key for page in self.bucket.list_objects(self.key, page_size=10) for found in page}
        if self.key not in listed:
            raise Unwell("What was just stored is not listed.")
        for _ in self.bucket.list_multiparts(self.key, page_size=10):
            pass
        return "objects and unfinished multipart uploads"

    def _deletes(self) -> str:
        self.bucket.abort_multipart(self._parts_key, self._create_multipart())
        self.bucket.delete(self._parts_key)
        if self.bucket.holds(self._parts_key):
            raise Unwell("What was deleted is there still.")
        return "what is deleted is gone, and parts can be dropped"

    def _is_private(self) -> str:
        self._expect_refusal(self._http.request("GET", f"{self._address}/{self.key}"), "An anonymous read")
        self._expect_refusal(self._http.request("GET", self._address), "An anonymous list")
        written = self._http.request("PUT", f"{self._address}/{self._anonymous}", body=PROBE)
        self._expect_refusal(written, "An anonymous write")
        return "anonymous read, list and write are refused"

    def _cors_is_right(self) -> str:
        for pattern in self.origins:
            # Of all that a rule with an asterisk allows, one.
            origin = pattern.replace("*", "any")
            for method, sent in BROWSERS_SEND:
                headers = {
                    "Origin": origin,
                    "Access-Control-Request-Method": method,
                    "Access-Control-Request-Headers": sent,
                }
                answer = self._http.request("OPTIONS", f"{self._address}/{self.key}", headers=headers)
                if not _allows(answer, origin, sent):
                    raise Unwell(f"A browser at {origin} may not {method} with the headers {sent}.")
            answer = self._http.request("GET", self._download_url(), headers={"Origin": origin})
            # An answer that the page may not read is of no use to it, whatever the preflight said.
            if not _allows(answer, origin):
                raise Unwell(f"A browser at {origin} may not read what it fetches.")
        return f"browsers at {', '.join(self.origins)} may upload, fetch, and go on where a download broke"

    # How the checks send

    @property
    def _probe_sha256(self) -> str:
        return PROBE_SHA256 if self.checks_sha256 else ""

    def _create_multipart(self) -> str:
        return self.bucket.create_multipart(
            self._parts_key, content_type="text/plain", with_sha256=bool(self.checks_sha256)
        )

    def _form(self, smallest: int, largest: int, *, sha256: str = "") -> PresignedPost:
        return self.bucket.presign_form(
            self.key, content_type="text/plain", smallest=smallest, largest=largest, sha256=sha256
        )

    def _send(self, form: PresignedPost, body: bytes) -> urllib3.BaseHTTPResponse:
        return self._http.request("POST", form.url, fields={**form.fields, "file": ("probe.txt", body)})

    def _put_part(self, multipart: str, body: bytes) -> urllib3.BaseHTTPResponse:
        """Send `body` on a signature for the probe."""
        part = self.bucket.presign_part(
            self._parts_key, multipart, number=1, size=len(PROBE), sha256=self._probe_sha256
        )
        return self._http.request("PUT", part.url, body=body, headers=part.headers)

    def _download_url(self, *, seconds: int = 60) -> str:
        return self.bucket.presign_download(
            self.key, filename="résumé.txt", content_type="text/plain", seconds=seconds
        )

    @staticmethod
    def _expect(status: int, answer: urllib3.BaseHTTPResponse, what: str) -> None:
        if answer.status != status:
            raise Unwell(
                f"{what} was answered with {answer.status}: {answer.data[:200].decode(errors='replace')}"
            )

    @staticmethod
    def _expect_refusal(answer: urllib3.BaseHTTPResponse, what: str) -> None:
        if answer.status not in REFUSED:
            raise Unwell(f"{what} was not refused (status {answer.status}).")


def _allows(answer: urllib3.BaseHTTPResponse, origin: str, sent: str = "") -> bool:
    """True if a browser at this origin would go on with these headers: https://fetch.spec.whatwg.org/#http-cors-protocol"""
    allowed = {
        name.strip().lower() for name in answer.headers.get("Access-Control-Allow-Headers", "").split(",")
    }
    return answer.headers.get("Access-Control-Allow-Origin") in {origin, "*"} and (
        not sent or "*" in allowed or {*sent.split(",")} <= allowed
    )
