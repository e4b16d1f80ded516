"""The row of an upload: its fields, and what they tell. Upload's traits stand on it, each in a file of its own.

`upload.py` puts them side by side. What one trait uses of another is stated here, for the type checker.
"""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.errors import QuotaExceeded
from sharing.addresses.expiry import Expiring
from sharing.files.errors import UploadClosed
from sharing.storage.plan import UploadPlan

if TYPE_CHECKING:
    from sharing.audit.record import Actor
    from sharing.storage.multipart import StoredPart


class Counting(Protocol):
    """Whoever sends an upload, as its traits see them. `Sender` in `senders.py` is all of it."""

    def release(self, *, files: int = 0, size: int = 0) -> None:
        """Give back what was counted: files that will not come, and bytes that nobody can send any more.

        Called in the transaction that closes or completes the upload, or releases the quota that it held.
        """


class UploadBase(Expiring):
    class State(models.TextChoices):
        OPEN = "open", "on its way"
        COMPLETE = "complete", "arrived"
        CANCELLED = "cancelled", "cancelled"
        EXPIRED = "expired", "expired"
        DAMAGED = "damaged", "arrived damaged"

    # A client may choose it, so that a start whose answer got lost can be repeated.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField("files.File", on_delete=models.CASCADE, related_name="upload")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
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

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("upload", args=[self.pk])

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

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager[Self]]

        @property
        def sender(self) -> Counting: ...

        # Presignable
        multipart_id: str
        with_sha256: bool

        @property
        def form_limit(self) -> int: ...

        @property
        def form_lifetime(self) -> int: ...

        @property
        def form_ends_at(self) -> datetime: ...

        def stored_parts(self) -> list[StoredPart]: ...

        # Cancellable
        def cancel(self, *, by: Actor) -> None: ...

        def close(self, state: "UploadBase.State", *, by: Actor = None) -> None: ...
