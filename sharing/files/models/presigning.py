"""Presignable: the requests that a browser sends to the bucket, signed just before they are needed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.files.digests import parse_sha256
from sharing.files.errors import FileChanged, InvalidPart
from sharing.files.models.base import UploadBase
from sharing.files.models.part import Part
from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import remember_sha256
from sharing.storage.errors import AccessRefused, BucketUnreachable, MultipartMissing, StorageError
from sharing.storage.multipart import StoredPart
from sharing.storage.presigning import FORM_SECONDS, SLACK, PresignedPart, PresignedPost, form_lifetime

SIGNING_RECORDED_EVERY = timedelta(minutes=10)


class Presignable(UploadBase):
    multipart_id = models.CharField(
        max_length=1024, blank=True, editable=False, help_text=gettext_lazy("S3's UploadId.")
    )
    with_sha256 = models.BooleanField(
        default=False, help_text=gettext_lazy("Each part, or the form, is pinned to its SHA-256.")
    )
    parts_signed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def form_limit(self) -> int:
        """Return the bytes that its form may bring: for a plain form half of what is reserved, else the file's size."""
        return self.reserved // 2 if self.is_plain else self.file.size

    @property
    def form_lifetime(self) -> int:
        """Return for how many seconds a form of it is good."""
        return FORM_SECONDS if self.is_plain else form_lifetime(self.file.size)

    @property
    def form_ends_at(self) -> datetime:
        """Return when the last form that was signed for it has certainly expired.

        Parts do not count: a multipart upload that was joined or aborted takes no parts, whoever holds signatures.
        """
        ended = self.finished_at or self.expires_at
        return ended if self.is_multipart else ended + timedelta(seconds=self.form_lifetime) + SLACK

    def presign_form(self, *, back: str = "") -> PresignedPost:
        """Return the presigned form that takes the whole file. Raises UploadClosed, QuotaExceeded, InvalidPart.

        `back` is the path to which the bucket redirects after a plain form, instead of the upload's own page.
        """
        self.require_open()
        self.require_quota()
        if self.is_multipart:
            raise InvalidPart(_("This upload is sent in parts: ask for signatures of its parts."))
        return get_bucket().presign_form(
            self.file.object_key,
            content_type=self.file.content_type,
            smallest=0 if self.is_plain else self.file.size,
            largest=self.form_limit,
            sha256=self.sha256 if self.with_sha256 else "",
            redirect=f"{settings.SITE_URL}{back or self.get_absolute_url()}" if self.is_plain else "",
            seconds=self.form_lifetime,
        )

    def presign_parts(self, digests: dict[int, str]) -> list[PresignedPart]:
        """Return presigned PUTs for the parts with these numbers, each pinned to its length and its SHA-256.

        `digests` maps a part's number to its SHA-256 in base64, or to "" if there is none. They are ignored for an
        upload that is not checked by SHA-256. Raises UploadClosed, QuotaExceeded, InvalidPart, FileChanged,
        StorageError.
        """
        self.require_open()
        self.require_quota()
        lengths = {number: self._part_length(number) for number in digests}
        parsed = {number: parse_sha256(digest) for number, digest in digests.items()}
        if self.with_sha256:
            if not all(parsed.values()):
                raise InvalidPart(_("This upload was started with SHA-256: send each part's digest."))
            self._save_digests(parsed)
        multipart_id = self._ensure_multipart()
        self._record_signing()
        bucket, key = get_bucket(), self.file.object_key
        return [
            bucket.presign_part(
                key,
                multipart_id,
                number=number,
                size=lengths[number],
                sha256=digest if self.with_sha256 else "",
            )
            for number, digest in parsed.items()
        ]

    def stored_parts(self) -> list[StoredPart]:
        """Return the parts that the bucket has; the others are still to be sent. Raises StorageError."""
        if not (self.is_open and self.multipart_id):
            return []
        try:
            return get_bucket().list_parts(self.file.object_key, self.multipart_id)
        except MultipartMissing:
            return []

    def digests(self) -> list[str]:
        """Return the SHA-256 of each part as it was signed, or that of the whole file if one form takes it. In base64.

        Empty unless all of them are known.
        """
        if not self.is_multipart:
            return [self.sha256] if self.sha256 else []
        known = list(
            Part.objects.filter(upload_id=self.pk).order_by("number").values_list("sha256", flat=True)
        )
        return known if self.with_sha256 and len(known) == self.plan.part_count else []

    def _part_length(self, number: int) -> int:
        try:
            return self.plan.length_of(number)
        except ValueError as error:
            raise InvalidPart(str(error)) from error

    def _save_digests(self, digests: dict[int, str]) -> None:
        Part.objects.bulk_create(
            [Part(upload_id=self.pk, number=number, sha256=digest) for number, digest in digests.items()],
            ignore_conflicts=True,
        )
        known = dict(
            Part.objects.filter(upload_id=self.pk, number__in=digests).values_list("number", "sha256")
        )
        changed = sorted(number for number, digest in digests.items() if known[number] != digest)
        if changed:
            raise FileChanged(
                _(
                    "Part %(number)s differs from what was sent before: this is another file, or it has changed. "
                    "Choose the same file, or cancel and start again."
                )
                % {"number": changed[0]}
            )

    def _ensure_multipart(self) -> str:
        """Return S3's UploadId. It is asked for with the first part, so that no start waits for the bucket."""
        if not self.multipart_id:
            multipart_id, with_sha256 = self._create_multipart()
            if (
                not type(self)
                .objects.filter(pk=self.pk, multipart_id="", state=self.State.OPEN)
                .update(multipart_id=multipart_id, with_sha256=with_sha256)
            ):
                # A racing request was first: with another one, or with the end of the upload.
                get_bucket().abort_multipart(self.file.object_key, multipart_id)
            self.refresh_from_db(fields=["state", "multipart_id", "with_sha256"])
            self.require_open()
        return self.multipart_id

    def _record_signing(self) -> None:
        """Record that parts can be sent now, so that the upload is watched. Once in ten minutes is enough."""
        now = timezone.now()
        if self.parts_signed_at is None or now - self.parts_signed_at > SIGNING_RECORDED_EVERY:
            type(self).objects.filter(pk=self.pk).update(parts_signed_at=now)
            self.parts_signed_at = now

    def _create_multipart(self) -> tuple[str, bool]:
        """Return the UploadId, and whether the bucket will check SHA-256. One that cannot is used without."""
        bucket, file = get_bucket(), self.file
        try:
            multipart_id = bucket.create_multipart(
                file.object_key, content_type=file.content_type, with_sha256=self.with_sha256
            )
        except (AccessRefused, BucketUnreachable):
            raise
        except StorageError:
            if not self.with_sha256:
                raise
            multipart_id = bucket.create_multipart(
                file.object_key, content_type=file.content_type, with_sha256=False
            )
            remember_sha256(kept=False)
            return multipart_id, False
        return multipart_id, self.with_sha256
