"""An upload: how one file gets into the bucket. It is created, its requests are presigned, and it ends in one state."""

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.errors import QuotaExceeded
from sharing.files.errors import UploadClosed
from sharing.files.models.base import UploadBase
from sharing.files.models.cancellation import Cancellable
from sharing.files.models.completion import Completable, CompletionManager
from sharing.files.models.creation import CreationManager
from sharing.files.models.file import File
from sharing.files.models.presigning import Presignable
from sharing.files.models.senders import Sender, senders_of
from sharing.files.models.verification import Verifiable
from sharing.storage.plan import UploadPlan

if TYPE_CHECKING:
    from sharing.accounts.models import User


class UploadManager(CreationManager, CompletionManager):
    def owned_by(self, user: "User") -> "models.QuerySet[Upload]":
        """Return the uploads into this user's bucket, whoever sent them."""
        return self.filter(file__owner=user).select_related("file__owner")


class Upload(Presignable, Verifiable, Completable, Cancellable):
    """Driven by what the bucket has, never by what a client says: every method may be called twice."""

    # A client may choose it, so that a start whose answer got lost can be repeated.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField(File, on_delete=models.CASCADE, related_name="upload")
    state = models.CharField(max_length=10, choices=UploadBase.State.choices, default=UploadBase.State.OPEN)
    part_size = models.PositiveBigIntegerField(
        default=0, help_text="In bytes; 0 where one form takes the whole file."
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
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    # True if a start found this upload instead of creating it.
    is_repeated = False

    objects: ClassVar[UploadManager] = UploadManager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(state="open"), name="upload_to_expire"),
            models.Index(fields=["fingerprint"], name="upload_by_fingerprint"),
        ]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("upload", args=[self.pk])

    @property
    def sender(self) -> Sender:
        """Return who sends it. Takes one query for each kind of sender."""
        return senders_of([self])[self.pk]

    @property
    def is_open(self) -> bool:
        """True if it can still be sent."""
        return self.state == self.State.OPEN and not self.is_expired

    @property
    def is_multipart(self) -> bool:
        return self.part_size > 0

    @property
    def plan(self) -> UploadPlan:
        return UploadPlan(self.file.size, self.part_size)

    @property
    def has_quota(self) -> bool:
        """True if its owner's quota still covers it. After the quota was lowered, nothing more is signed."""
        return not self.file.owner.is_over_quota

    def require_quota(self) -> None:
        """Raise QuotaExceeded unless it `has_quota`."""
        owner = self.file.owner
        if owner.is_over_quota:
            raise QuotaExceeded(size=self.file.size, free=owner.free_bytes)

    def require_open(self) -> None:
        """Raise UploadClosed unless it `is_open`."""
        if not self.is_open:
            what = "has expired" if self.state == self.State.OPEN else f"is over ({self.get_state_display()})"
            raise UploadClosed(f"This upload {what}. Start it again.")
