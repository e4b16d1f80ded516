"""How one file travels into the bucket: begun, sent, completed; or cancelled, expired, damaged."""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from sharing import wording
from sharing.audit.record import record
from sharing.files.digests import composite_sha256, parse_sha256
from sharing.files.errors import ArrivedDamaged, FileChanged, InvalidPart, NotArrived, UploadClosed
from sharing.files.models.file import File, new_object_key
from sharing.files.models.part import Part
from sharing.files.models.starting import UploadManager
from sharing.storage.bucket import (
    FORM_SECONDS,
    PresignedPart,
    PresignedPost,
    StoredObject,
    StoredPart,
    get_bucket,
)
from sharing.storage.errors import MultipartMissing, ObjectMissing, PartsRefused
from sharing.storage.plan import UploadPlan

if TYPE_CHECKING:
    from sharing.accounts.models import User


class Upload(models.Model):
    """Driven by what the bucket has, never by what a client says: every verb may be called twice."""

    class State(models.TextChoices):
        OPEN = "open", "on its way"
        COMPLETE = "complete", "arrived"
        CANCELLED = "cancelled", "cancelled"
        EXPIRED = "expired", "expired"
        DAMAGED = "damaged", "arrived damaged"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField(File, on_delete=models.CASCADE, related_name="upload")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    part_size = models.PositiveBigIntegerField(
        default=0, help_text="In bytes; 0 where one form takes the whole file."
    )
    multipart_id = models.CharField(max_length=1024, blank=True, editable=False, help_text="S3's UploadId.")
    with_sha256 = models.BooleanField(
        default=False, help_text="Each part, or the form, is pinned to its SHA-256."
    )
    sha256 = models.CharField(
        max_length=44, blank=True, help_text="Of a file that one form takes, as announced."
    )
    is_plain = models.BooleanField(
        default=False, help_text="An HTML form without JavaScript: its size is not known."
    )
    reserved = models.PositiveBigIntegerField(
        help_text="Bytes of the owner's quota held until the upload ends."
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UploadManager] = UploadManager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(state="open"), name="upload_to_expire")
        ]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("upload", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN and timezone.now() < self.expires_at

    @property
    def is_multipart(self) -> bool:
        return self.part_size > 0

    @property
    def plan(self) -> UploadPlan:
        return UploadPlan(self.file.size, self.part_size)

    @property
    def form_ends_at(self) -> datetime:
        """When the last form that was signed for it has expired for certain."""
        return (self.finished_at or self.expires_at) + timedelta(seconds=FORM_SECONDS)

    # Sending

    def form(self) -> PresignedPost:
        """The presigned POST that takes the whole file. Raises UploadClosed."""
        self._require_open()
        return get_bucket().presign_form(
            self.file.object_key,
            content_type=self.file.content_type,
            smallest=0 if self.is_plain else self.file.size,
            largest=self.reserved,
            sha256=self.sha256,
            redirect=f"{settings.SITE_URL}{self.get_absolute_url()}" if self.is_plain else "",
        )

    def sign_parts(self, digests: dict[int, str]) -> list[PresignedPart]:
        """Presigned PUTs for the parts with these numbers, each pinned to its length and its SHA-256.

        `digests` maps a part's number to its SHA-256 in base64, or to "" for an upload without digests.
        Raises UploadClosed, InvalidPart, FileChanged, StorageError.
        """
        self._require_open()
        lengths = {number: self._length_of(number) for number in digests}
        parsed = {number: parse_sha256(digest) for number, digest in digests.items()}
        if any(bool(digest) != self.with_sha256 for digest in parsed.values()):
            raise InvalidPart(
                "This upload was begun with SHA-256: send each part's digest."
                if self.with_sha256
                else "This upload was begun without SHA-256: send no digests."
            )
        if self.with_sha256:
            self._remember(parsed)
        multipart_id = self._begin_multipart()
        bucket, key = get_bucket(), self.file.object_key
        return [
            bucket.presign_part(key, multipart_id, number=number, size=lengths[number], sha256=digest)
            for number, digest in parsed.items()
        ]

    def stored_parts(self) -> list[StoredPart]:
        """The parts that the bucket has: what is left out is still to be sent. Raises StorageError."""
        if not (self.is_open and self.multipart_id):
            return []
        try:
            return get_bucket().list_parts(self.file.object_key, self.multipart_id)
        except MultipartMissing:
            return []

    def _length_of(self, number: int) -> int:
        try:
            return self.plan.length_of(number)
        except ValueError as error:
            raise InvalidPart(str(error)) from error

    def _remember(self, digests: dict[int, str]) -> None:
        Part.objects.bulk_create(
            [Part(upload=self, number=number, sha256=digest) for number, digest in digests.items()],
            ignore_conflicts=True,
        )
        known = dict(self.parts.filter(number__in=digests).values_list("number", "sha256"))
        changed = sorted(number for number, digest in digests.items() if known[number] != digest)
        if changed:
            raise FileChanged(
                f"Part {changed[0]} differs from what was begun: this is another file, or it has changed since. "
                "Pick the same file, or cancel and start again."
            )

    def _begin_multipart(self) -> str:
        """S3's UploadId, asked for with the first part, so that starting an upload never waits for the bucket."""
        if not self.multipart_id:
            bucket, key = get_bucket(), self.file.object_key
            begun = bucket.create_multipart(
                key, content_type=self.file.content_type, with_sha256=self.with_sha256
            )
            if not Upload.objects.filter(pk=self.pk, multipart_id="").update(multipart_id=begun):
                bucket.abort_multipart(key, begun)  # a racing request was first
            self.refresh_from_db(fields=["multipart_id"])
        return self.multipart_id

    # Completing

    def complete(self) -> None:
        """Join the parts, ask the bucket for size and checksum, and mark the file ready. Safe to repeat.

        Raises UploadClosed, NotArrived, ArrivedDamaged, StorageError.
        """
        if self.state == self.State.COMPLETE:
            return
        self._require_open()
        if self.is_multipart:
            self._join_parts()
        stored = self._stored_object()
        check = self._compare(stored)
        self._settle(stored, check)

    def _join_parts(self) -> None:
        numbers = range(1, self.plan.part_count + 1)
        bucket, key = get_bucket(), self.file.object_key
        if not self.multipart_id:
            raise NotArrived("No part has been sent yet.", missing=list(numbers))
        try:
            stored = {part.number: part for part in bucket.list_parts(key, self.multipart_id)}
            missing = [n for n in numbers if n not in stored or stored[n].size != self.plan.length_of(n)]
            if missing:
                raise NotArrived(
                    f"{len(missing)} of {len(numbers)} parts are still to be sent.", missing=missing
                )
            bucket.complete_multipart(
                key, self.multipart_id, (stored[n] for n in numbers), digests=self._digests()
            )
        except MultipartMissing:
            pass  # joined by an earlier call that did not live to tell: the object itself says
        except PartsRefused as error:
            self._end(self.State.DAMAGED, by=None)
            raise ArrivedDamaged("The bucket refused to join the parts. Send the file again.") from error

    def _digests(self) -> dict[int, str]:
        return dict(self.parts.values_list("number", "sha256"))

    def _stored_object(self) -> StoredObject:
        try:
            return get_bucket().head(self.file.object_key)
        except ObjectMissing as error:
            if self.is_multipart:
                self._end(self.State.EXPIRED, by=None)
                raise UploadClosed("The bucket no longer has this upload. Start it again.") from error
            raise NotArrived("The bucket does not have the file yet. Send it, then try again.") from error

    def _compare(self, stored: StoredObject) -> File.Check:
        """Which check the object passed. Ends the upload and raises ArrivedDamaged when it passed none."""
        if not self.is_plain and stored.size != self.file.size:
            self._end(self.State.DAMAGED, by=None)
            raise ArrivedDamaged(
                f"{wording.size(self.file.size)} were announced and {wording.size(stored.size)} arrived. "
                "Send the file again."
            )
        expected = composite_sha256(self._digests().values()) if self.is_multipart else self.sha256
        if not (self.with_sha256 and stored.sha256):
            return File.Check.SIZE
        if stored.sha256 != expected:
            self._end(self.State.DAMAGED, by=None)
            raise ArrivedDamaged(
                "The bytes that arrived are not those that were announced. Send the file again."
            )
        return File.Check.SHA256

    def _settle(self, stored: StoredObject, check: File.Check) -> None:
        """Mark the file ready, once; give back the quota that was held for more than arrived."""
        file, signed_key = self.file, self.file.object_key
        key = signed_key if self.is_multipart or self.sha256 else self._move_from_form()
        with transaction.atomic():
            now = timezone.now()
            is_first = Upload.objects.filter(pk=self.pk, state=self.State.OPEN).update(
                state=self.State.COMPLETE, finished_at=now
            )
            if is_first:
                file.object_key, file.size, file.ready_at = key, stored.size, now
                file.etag, file.sha256, file.check_made = stored.etag, stored.sha256, check
                file.save(update_fields=["object_key", "size", "ready_at", "etag", "sha256", "check_made"])
                file.owner.release(self.reserved - stored.size)
                record("file.ready", file, by=file.owner, size=stored.size, check=check.value)
        if key != signed_key:
            self._leave_behind(signed_key if is_first else key)
        self.refresh_from_db()
        self._require_complete()

    def _move_from_form(self) -> str:
        """Copy the object to a key that nobody has signed: a form without a digest could still overwrite this one."""
        key = new_object_key()
        try:
            get_bucket().copy(self.file.object_key, key)
        except ObjectMissing as error:
            raise NotArrived("The file is just being completed. Try again in a moment.") from error
        return key

    def _leave_behind(self, key: str) -> None:
        """Delete an object that is no file's, and once more when no form can send it any longer."""
        from sharing.files.tasks import delete_object

        delete_object.enqueue(key)
        delete_object.using(run_after=self.form_ends_at).enqueue(key)

    # Ending without a file

    def cancel(self, *, by: "User") -> None:
        """Give the quota back and have the bucket drop what was sent. Safe to repeat.

        Raises UploadClosed once the file has arrived.
        """
        self._end(self.State.CANCELLED, by=by)
        if self.state == self.State.COMPLETE:
            raise UploadClosed("The file has arrived: delete it instead.")

    def expire(self) -> None:
        """What becomes of an upload that nobody finished in time. Safe to repeat."""
        self._end(self.State.EXPIRED, by=None)

    def _end(self, state: State, *, by: "User | None") -> None:
        from sharing.files.tasks import purge_file

        with transaction.atomic():
            now = timezone.now()
            ended = Upload.objects.filter(pk=self.pk, state=self.State.OPEN).update(
                state=state, finished_at=now
            )
            if ended:
                File.objects.filter(pk=self.file_id).update(deleted_at=now)
                self.file.owner.release(self.reserved)
                record(f"upload.{state}", self.file, by=by)
                transaction.on_commit(lambda: purge_file.enqueue(str(self.file_id)))
        self.refresh_from_db()

    def drop_parts(self) -> None:
        """Have the bucket forget the parts of an upload that ended. Safe to repeat. Raises StorageError."""
        if self.multipart_id and self.state not in {self.State.OPEN, self.State.COMPLETE}:
            with suppress(MultipartMissing):
                get_bucket().abort_multipart(self.file.object_key, self.multipart_id)

    def _require_open(self) -> None:
        if not self.is_open:
            what = "has expired" if self.state == self.State.OPEN else f"is over ({self.get_state_display()})"
            raise UploadClosed(f"This upload {what}. Start it again.")

    def _require_complete(self) -> None:
        if self.state != self.State.COMPLETE:
            raise UploadClosed("This upload was cancelled while it was being completed.")
