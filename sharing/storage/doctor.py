"""The doctor: checks from outside, without credentials, what must work and what must be refused.

Every finding comes from a real request to the bucket. What the examination writes lies under `doctor/`
and is deleted at its end.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import urllib3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.storage.bucket import Bucket
from sharing.storage.checksums import checks_sha256
from sharing.storage.errors import AccessRefused, StorageError
from sharing.storage.presigning import PresignedPost
from sharing.storage.probe import FORGED, PROBE, PROBE_SHA256, Probe, Unwell, expect, expect_refusal

RIGHTS = gettext_lazy("Give Waybill's key permission to read, write, list and delete in this bucket.")
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


class Doctor:
    """Examines one bucket, for browsers at `origins`."""

    def __init__(self, bucket: Bucket, origins: list[str]) -> None:
        self.bucket = bucket
        self.origins = origins
        self._probe = Probe(bucket)

    @property
    def checks_sha256(self) -> bool | None:
        """True if the bucket checks and keeps digests; None until that has been examined."""
        return self._probe.checks_sha256

    def examine(self) -> Iterator[Finding]:
        """Yield one finding a check, in the order in which they matter; ends early where the bucket does not answer."""
        checks: list[tuple[str, Callable[[], str], str]] = [
            ("SHA-256", self._knows_sha256, _("Check that the storage service is working, and try again.")),
            (
                _("Form upload"),
                self._form_uploads,
                _("Check this machine's clock, the access keys and the endpoint settings."),
            ),
            (_("Form limits"), self._form_refuses, _("This service ignores POST policies. Do not use it.")),
            (_("Multipart upload"), self._parts_upload, _("The service must support multipart uploads.")),
            (
                _("Multipart limits"),
                self._parts_refuse,
                _("This service ignores signed headers. Do not use it."),
            ),
            (
                _("Download"),
                self._download_works,
                _("Check S3_PUBLIC_ENDPOINT_URL. It must be the address that browsers reach."),
            ),
            (
                _("Download limits"),
                self._download_refuses,
                _("This service does not check signatures. Do not use it."),
            ),
            (_("List"), self._lists, _("Waybill lists objects to clean up unfinished uploads. Allow it.")),
            (_("Delete"), self._deletes, _("Deleted files would stay in storage. Allow deleting.")),
            (
                _("Private"),
                self._is_private,
                _("Remove every public policy and ACL, and block public access."),
            ),
            (
                "CORS",
                self._cors_is_right,
                _("Run `manage.py doctor --mend-cors`, or allow the site's origin yourself."),
            ),
        ]
        first = self._finding(
            _("Reachable"), self._is_reachable, _("Check S3_ENDPOINT_URL, S3_BUCKET and the access keys.")
        )
        yield first
        if not first.is_well:
            return
        try:
            for name, check, remedy in checks:
                yield self._finding(name, check, remedy)
        finally:
            for key in (self._probe.key, self._probe.parts_key, self._probe.elsewhere, self._probe.anonymous):
                with suppress(StorageError):
                    self.bucket.delete(key)

    def _finding(self, name: str, check: Callable[[], str], remedy: str) -> Finding:
        try:
            return Finding(name, is_well=True, detail=check())
        except Unwell as error:
            return Finding(name, is_well=False, detail=str(error), remedy=remedy)
        except AccessRefused as error:
            return Finding(name, is_well=False, detail=str(error), remedy=str(RIGHTS))
        except (StorageError, urllib3.exceptions.HTTPError) as error:
            return Finding(
                name,
                is_well=False,
                detail=_("Unexpected answer: %(error)s") % {"error": error},
                remedy=remedy,
            )

    # The checks: each returns a description of what it saw, or raises Unwell

    def _is_reachable(self) -> str:
        if not self.bucket.exists():
            raise Unwell(_("There is no bucket called %(name)s.") % {"name": self.bucket.name})
        return _("%(name)s answers at %(address)s") % {
            "name": self.bucket.name,
            "address": self.bucket.client.meta.endpoint_url,
        }

    def _knows_sha256(self) -> str:
        self._probe.checks_sha256 = checks_sha256(self.bucket)
        if self.checks_sha256:
            return _("storage checks and keeps SHA-256 checksums")
        return _("storage keeps no SHA-256 checksums, so files are checked by size only, and say so")

    def _form_uploads(self) -> str:
        form = self._probe.form(len(PROBE), len(PROBE), sha256=self._probe.sha256)
        expect(201, self._probe.send(form, PROBE), _("A valid form upload"))
        stored = self.bucket.head(self._probe.key)
        if stored.size != len(PROBE):
            raise Unwell(
                _("%(sent)s bytes were sent, but %(stored)s are stored.")
                % {"sent": len(PROBE), "stored": stored.size}
            )
        if self.checks_sha256:
            return _("accepted with exactly the signed length and SHA-256")
        return _("accepted with exactly the signed length")

    def _form_refuses(self) -> str:
        exact = self._probe.form(len(PROBE), len(PROBE), sha256=self._probe.sha256)
        expect_refusal(self._probe.send(exact, PROBE + b"!"), _("A form upload that is one byte too long"))
        if self.checks_sha256:
            expect_refusal(self._probe.send(exact, FORGED), _("A form upload with other bytes than signed"))
        moved = PresignedPost(exact.url, exact.fields | {"key": self._probe.elsewhere})
        expect_refusal(self._probe.send(moved, PROBE), _("A form upload under another key"))
        if self.checks_sha256:
            return _("refused: one byte too many, other bytes, another key")
        return _("refused: one byte too many, another key")

    def _parts_upload(self) -> str:
        multipart = self._probe.create_multipart()
        try:
            expect(200, self._probe.put_part(multipart, PROBE), _("A valid part"))
            parts = self.bucket.list_parts(self._probe.parts_key, multipart)
            digests = {1: PROBE_SHA256} if self.checks_sha256 else {}
            self.bucket.complete_multipart(self._probe.parts_key, multipart, parts, digests=digests)
        except (Unwell, StorageError):
            with suppress(StorageError):
                self.bucket.abort_multipart(self._probe.parts_key, multipart)
            raise
        if self.checks_sha256:
            return _("accepted with exactly the signed length and SHA-256")
        return _("accepted with exactly the signed length")

    def _parts_refuse(self) -> str:
        multipart = self._probe.create_multipart()
        try:
            expect_refusal(self._probe.put_part(multipart, PROBE + b"!"), _("A part of the wrong length"))
            if self.checks_sha256:
                expect_refusal(
                    self._probe.put_part(multipart, FORGED), _("A part with other bytes than signed")
                )
        finally:
            with suppress(StorageError):
                self.bucket.abort_multipart(self._probe.parts_key, multipart)
        if self.checks_sha256:
            return _("refused: wrong length, other bytes")
        return _("refused: wrong length")

    def _download_works(self) -> str:
        answer = self._probe.http.request("GET", self._probe.download_url())
        expect(200, answer, _("A presigned download"))
        if answer.data != PROBE:
            raise Unwell(_("A presigned download returned other bytes than were stored."))
        if "UTF-8''r%C3%A9sum%C3%A9.txt" not in answer.headers.get("Content-Disposition", ""):
            raise Unwell(_("Storage ignores the signed file name."))
        return _("the same bytes, and the right file name")

    def _download_refuses(self) -> str:
        url = self._probe.download_url()
        tampered = url[:-1] + ("0" if url[-1] != "0" else "1")
        expect_refusal(self._probe.http.request("GET", tampered), _("A tampered signature"))
        short = self._probe.download_url(seconds=1)
        time.sleep(2.1)
        expect_refusal(self._probe.http.request("GET", short), _("An expired URL"))
        return _("refused: a tampered signature, an expired URL")

    def _lists(self) -> str:
        listed = {
            found.key for page in self.bucket.list_objects(self._probe.key, page_size=10) for found in page
        }
        if self._probe.key not in listed:
            raise Unwell(_("An object that was just stored is not listed."))
        for _page in self.bucket.list_multiparts(self._probe.key, page_size=10):
            pass
        return _("objects and unfinished uploads")

    def _deletes(self) -> str:
        self.bucket.abort_multipart(self._probe.parts_key, self._probe.create_multipart())
        self.bucket.delete(self._probe.parts_key)
        if self.bucket.holds(self._probe.parts_key):
            raise Unwell(_("A deleted object is still there."))
        return _("deleted objects are gone, and unfinished uploads can be cancelled")

    def _is_private(self) -> str:
        expect_refusal(
            self._probe.http.request("GET", f"{self._probe.address}/{self._probe.key}"),
            _("An anonymous read"),
        )
        expect_refusal(self._probe.http.request("GET", self._probe.address), _("An anonymous list"))
        written = self._probe.http.request(
            "PUT", f"{self._probe.address}/{self._probe.anonymous}", body=PROBE
        )
        expect_refusal(written, _("An anonymous write"))
        return _("refused: anonymous read, list and write")

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
                answer = self._probe.http.request(
                    "OPTIONS", f"{self._probe.address}/{self._probe.key}", headers=headers
                )
                if not _allows(answer, origin, sent):
                    raise Unwell(
                        _("A browser at %(origin)s may not send %(method)s with the headers %(headers)s.")
                        % {"origin": origin, "method": method, "headers": sent}
                    )
            answer = self._probe.http.request("GET", self._probe.download_url(), headers={"Origin": origin})
            # An answer that the page may not read is of no use to it, whatever the preflight said.
            if not _allows(answer, origin):
                raise Unwell(
                    _("A browser at %(origin)s may not read what it downloads.") % {"origin": origin}
                )
        return _("browsers at %(origins)s can upload, download and resume") % {
            "origins": ", ".join(self.origins)
        }


def _allows(answer: urllib3.BaseHTTPResponse, origin: str, sent: str = "") -> bool:
    """True if a browser at this origin would go on with these headers: https://fetch.spec.whatwg.org/#http-cors-protocol"""
    allowed = {
        name.strip().lower() for name in answer.headers.get("Access-Control-Allow-Headers", "").split(",")
    }
    return answer.headers.get("Access-Control-Allow-Origin") in {origin, "*"} and (
        not sent or "*" in allowed or {*sent.split(",")} <= allowed
    )
