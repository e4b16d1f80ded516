"""What is kept of one file's way into the bucket; what happens on it is in sending, arriving and ending."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.errors import QuotaExceeded
from sharing.files.errors import UploadClosed
from sharing.files.models.creation import UploadManager
from sharing.files.models.file import File
from sharing.storage.plan import UploadPlan
from sharing.storage.presigning import FORM_SECONDS, SLACK, form_lifetime


class Journey(models.Model):
    """Driven by what the bucket has, never by what a client says: every verb may be called twice."""

    class State(models.TextChoices):
        OPEN = "open", "on its way"
        COMPLETE = "complete", "arrived"
        CANCELLED = "cancelled", "cancelled"
        EXPIRED = "expired", "expired"
        DAMAGED = "damaged", "arrived damaged"

    # A client may choose it, so that a start whose answer got lost can be repeated.
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
    fingerprint = models.CharField(
        max_length=44, blank=True, editable=False, help_text="Of the announcement: whether it is the same."
    )
    is_plain = models.BooleanField(
        default=False, help_text="An HTML form without JavaScript: its size is not known."
    )
    reserved = models.PositiveBigIntegerField(
        help_text="Bytes of the owner's quota that were taken when it began."
    )
    # Until when somebody is completing it, which copies an object; empty but meanwhile.
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    parts_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UploadManager] = UploadManager()

    class Meta:
        abstract = True

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
    def is_copied(self) -> bool:
        """Whether its form is not pinned to its bytes, so that completing it copies them: see Verifiable.verify()."""
        return not (self.is_multipart or self.with_sha256)

    @property
    def form_limit(self) -> int:
        """The bytes that its form takes. A plain one is announced without a size: half of what it holds may come."""
        return self.reserved // 2 if self.is_plain else self.file.size

    @property
    def form_lifetime(self) -> int:
        """How long a form of it is good for."""
        return FORM_SECONDS if self.is_plain else form_lifetime(self.file.size)

    @property
    def form_ends_at(self) -> datetime:
        """When the last form that was signed for it has expired for certain.

        Parts need none of this: a multipart upload that was joined or dropped takes no parts, whoever holds signatures.
        """
        ended = self.finished_at or self.expires_at
        return ended if self.is_multipart else ended + timedelta(seconds=self.form_lifetime) + SLACK

    @property
    def has_quota(self) -> bool:
        """Whether its owner's quota still covers it: after the quota was lowered, nothing more is signed."""
        return not self.file.owner.is_over_quota

    def require_quota(self) -> None:
        """Raises QuotaExceeded."""
        owner = self.file.owner
        if owner.is_over_quota:
            raise QuotaExceeded(size=self.file.size, free=owner.free_bytes)

    def require_open(self) -> None:
        if not self.is_open:
            what = "has expired" if self.state == self.State.OPEN else f"is over ({self.get_state_display()})"
            raise UploadClosed(f"This upload {what}. Start it again.")
