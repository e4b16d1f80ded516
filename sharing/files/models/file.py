"""A file in the bucket, or on its way there."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from sharing.audit.record import record
from sharing.files.models.base import FileBase
from sharing.files.models.direct_sharing import DirectlyShared
from sharing.files.models.preview import Previewed
from sharing.files.models.querysets import FileQuerySet
from sharing.files.models.rekeying import Rekeyed
from sharing.files.models.thumbnail import Thumbnailed
from sharing.files.models.trash import Trashed
from sharing.files.names import MAX_NAME_LENGTH, MAX_PATH_LENGTH, MAX_TYPE_LENGTH, parse_name
from sharing.files.object_keys import new_object_key
from sharing.storage.bucket import get_bucket
from sharing.storage.presigning import url_lifetime

if TYPE_CHECKING:
    from sharing.accounts.models import User
    from sharing.files.models.upload import Upload


class File(Previewed, Thumbnailed, DirectlyShared, Rekeyed, Trashed):
    """Name, type and owner are ours; size, ETag and checksum are what the bucket reports. The bytes are there alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    path = models.CharField("folder", max_length=MAX_PATH_LENGTH, blank=True)
    content_type = models.CharField("type", max_length=MAX_TYPE_LENGTH)
    size = models.PositiveBigIntegerField(
        default=0, help_text="In bytes: announced, and measured once ready."
    )
    object_key = models.CharField(max_length=100, unique=True, default=new_object_key, editable=False)
    etag = models.CharField("ETag", max_length=100, blank=True)
    sha256 = models.CharField(
        "SHA-256",
        max_length=60,
        blank=True,
        help_text="Base64, from the bucket; of the parts' digests where it ends in -N.",
    )
    check_made = models.CharField(
        max_length=10, choices=FileBase.Check.choices, default=FileBase.Check.NONE, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)
    modified_at = models.DateTimeField(
        "modified", null=True, blank=True, help_text="As its sender's disk had it; a claim."
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    # Released once the bucket was seen not to hold the object, and nothing that was signed can send it again.
    charged = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Bytes of its owner's quota that are taken for it."
    )

    # Reverse relations: the upload that brings it, and the direct URLs that were issued.
    upload: "Upload"
    direct_urls: Any

    objects: ClassVar[Any] = FileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "name"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="file_by_owner_newest"),
            models.Index(fields=["deleted_at"], condition=models.Q(purged_at=None), name="file_to_purge"),
        ]

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

    def presigned_url(self, *, seconds: int | None = None) -> str:
        """Return the bucket's own URL for a download under this name, good for `seconds` (1 to 604,800).

        By default for as long as the file takes on a slow line, since a broken download is resumed at the same URL.
        """
        return get_bucket().presign_download(
            self.object_key,
            filename=self.name,
            content_type=self.content_type,
            seconds=url_lifetime(self.size) if seconds is None else seconds,
        )

    def require_object(self, *, surely: bool = False) -> None:
        """Ask the bucket whether it would give the object now, before anybody is sent there. Takes 0.8 s at most.

        With `surely`, no answer in that time is a refusal. Raises StorageError.
        """
        get_bucket().require(self.object_key, surely=surely)

    def rename(self, name: str, *, by: "User") -> None:
        """Give it another name; links keep working. Raises InvalidName."""
        before, self.name = self.name, parse_name(name)
        with transaction.atomic():
            self.save(update_fields=["name"])
            record("file.renamed", self, by=by, before=before)
