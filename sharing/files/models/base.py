"""The rows of files and of uploads: their fields, and what these tell. The traits stand on them, each in its own file.

`file.py` and `upload.py` put the traits side by side. What one trait uses of another is stated here, for mypy.
"""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.accounts.errors import QuotaExceeded
from sharing.addresses.expiry import Expiring
from sharing.files.errors import UploadClosed
from sharing.files.names import MAX_NAME_LENGTH, MAX_PATH_LENGTH, MAX_TYPE_LENGTH
from sharing.files.object_keys import new_object_key
from sharing.storage.plan import UploadPlan

if TYPE_CHECKING:
    from sharing.audit.record import Actor
    from sharing.storage.multipart import StoredPart


class FileBase(models.Model):
    """Name, type and owner are ours; size, ETag and checksum are what the bucket reports. The bytes are there alone."""

    class Check(models.TextChoices):
        NONE = "", gettext_lazy("not checked yet")
        SIZE = "size", gettext_lazy("size checked")
        SHA256 = "sha256", gettext_lazy("SHA-256 checked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    path = models.CharField(gettext_lazy("folder"), max_length=MAX_PATH_LENGTH, blank=True)
    content_type = models.CharField(gettext_lazy("type"), max_length=MAX_TYPE_LENGTH)
    size = models.PositiveBigIntegerField(
        default=0, help_text=gettext_lazy("In bytes: announced, and measured once ready.")
    )
    object_key = models.CharField(max_length=100, unique=True, default=new_object_key, editable=False)
    etag = models.CharField(gettext_lazy("ETag"), max_length=100, blank=True)
    sha256 = models.CharField(
        "SHA-256",
        max_length=60,
        blank=True,
        help_text=gettext_lazy("Base64, from the bucket; of the parts' digests where it ends in -N."),
    )
    check_made = models.CharField(max_length=10, choices=Check.choices, default=Check.NONE, blank=True)
    # Saved by Thumbnailed, and with the object's key by Rekeyed.
    has_thumbnail = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    modified_at = models.DateTimeField(
        gettext_lazy("modified"),
        null=True,
        blank=True,
        help_text=gettext_lazy("As its sender's disk had it; a claim."),
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    # Released once the bucket was seen not to hold the object, and nothing that was signed can send it again.
    charged = models.PositiveBigIntegerField(
        default=0, editable=False, help_text=gettext_lazy("Bytes of its owner's quota that are taken for it.")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("file", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        """True if it has arrived and is not deleted."""
        return self.ready_at is not None and self.deleted_at is None

    @property
    def dated_at(self) -> datetime:
        """Return the date for copies of it: when it was modified, else when its upload was created."""
        return self.modified_at or self.created_at

    @property
    def top_folder(self) -> str:
        """Return the first step of its path, which is the folder that was dropped; "" if there is none."""
        return self.path.partition("/")[0]

    @property
    def extension(self) -> str:
        """Return what stands in place of a thumbnail: up to four letters, such as PDF."""
        stem, dot, suffix = self.name.rpartition(".")
        return suffix.upper() if dot and stem and suffix.isalnum() and len(suffix) <= 4 else "FILE"

    if TYPE_CHECKING:
        upload: "UploadBase"

        def presigned_url(self, *, seconds: int | None = None) -> str: ...

        # Trashed
        deleted_at: datetime | None
        discarded_at: datetime | None

        # Previewed
        def preview_url(self, *, seconds: int | None = None) -> str: ...

        # Thumbnailed
        thumbnail_limit: int

        @property
        def forms_end_at(self) -> datetime: ...

        def copy_thumbnail(self, target: str) -> bool: ...

        def thumbnail_keys(self, *keys: str) -> dict[str, datetime]: ...

        # Rekeyed
        next_key: str | None

        @property
        def is_rekeying(self) -> bool: ...

        def schedule_key_rotation(self) -> None: ...

        # DirectlyShared
        def revoke_direct_urls(self, *, by: Actor = None) -> int: ...


class Counting(Protocol):
    """Whoever sends an upload, as its traits see them. `Sender` in `senders.py` is all of it."""

    def release(self, *, files: int = 0, size: int = 0) -> None:
        """Give back what was counted: files that will not come, and bytes that nobody can send any more.

        Called in the transaction that closes or completes the upload, or releases the quota that it held.
        """


class UploadBase(Expiring):
    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("uploading")
        COMPLETE = "complete", gettext_lazy("uploaded")
        CANCELLED = "cancelled", gettext_lazy("cancelled")
        EXPIRED = "expired", gettext_lazy("expired")
        DAMAGED = "damaged", gettext_lazy("damaged")

    # A client may choose it, so that a start whose answer got lost can be repeated.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField("files.File", on_delete=models.CASCADE, related_name="upload")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    part_size = models.PositiveBigIntegerField(
        default=0, help_text=gettext_lazy("In bytes; 0 where one form takes the whole file.")
    )
    sha256 = models.CharField(
        max_length=44, blank=True, help_text=gettext_lazy("Of a file that one form takes, as announced.")
    )
    fingerprint = models.CharField(
        max_length=44,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Of the announcement: whether it is the same."),
    )
    is_plain = models.BooleanField(
        default=False, help_text=gettext_lazy("An HTML form without JavaScript: its size is not known.")
    )
    reserved = models.PositiveBigIntegerField(
        help_text=gettext_lazy("Bytes of the owner's quota that were taken when it began.")
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
            if self.state == self.State.OPEN:
                raise UploadClosed(_("This upload has expired. Start it again."))
            words = _("This upload has ended (%(state)s). Start it again.")
            raise UploadClosed(words % {"state": self.get_state_display()})

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
