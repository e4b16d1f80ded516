"""What is kept of a file: its name, and what the bucket said of its object."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from sharing.files.models.querysets import FileQuerySet
from sharing.files.names import MAX_NAME_LENGTH, MAX_PATH_LENGTH, MAX_TYPE_LENGTH
from sharing.files.object_keys import new_object_key
from sharing.files.previews import preview_type, shown_type
from sharing.storage.bucket import get_bucket
from sharing.storage.presigning import url_lifetime

if TYPE_CHECKING:
    from sharing.files.models.upload import Upload


class Stored(models.Model):
    """The bytes are in the bucket alone."""

    class Check(models.TextChoices):
        NONE = "", "not checked yet"
        SIZE = "size", "size checked"
        SHA256 = "sha256", "SHA-256 checked"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    path = models.CharField("folder", max_length=MAX_PATH_LENGTH, blank=True)
    content_type = models.CharField("type", max_length=MAX_TYPE_LENGTH)
    size = models.PositiveBigIntegerField(
        default=0, help_text="In bytes: announced, and measured once ready."
    )
    object_key = models.CharField(max_length=100, unique=True, default=new_object_key, editable=False)
    # Where the object is being moved to, since when; both empty but while it is.
    next_key = models.CharField(max_length=100, unique=True, null=True, blank=True, editable=False)
    move_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    etag = models.CharField("ETag", max_length=100, blank=True)
    sha256 = models.CharField(
        "SHA-256",
        max_length=60,
        blank=True,
        help_text="Base64, from the bucket; of the parts' digests where it ends in -N.",
    )
    check_made = models.CharField(max_length=10, choices=Check.choices, default=Check.NONE, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    modified_at = models.DateTimeField(
        "modified", null=True, blank=True, help_text="As its sender's disk had it; a claim."
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is in the trash.")
    discarded_at = models.DateTimeField(
        null=True, blank=True, help_text="When it left the trash and could not be restored any more."
    )
    purged_at = models.DateTimeField(null=True, blank=True, help_text="When the object was seen to be gone.")

    # Released when the bucket was seen not to hold it, and nothing that was signed can bring it back.
    charged = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Bytes of its owner's quota that are taken for it."
    )

    # What refers to it: the upload that brings it, and the direct URLs that were handed out.
    upload: "Upload"
    direct_urls: Any

    objects: ClassVar[Any] = FileQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("file", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None and self.deleted_at is None

    @property
    def is_deleted(self) -> bool:
        """In the trash, or gone from it."""
        return self.deleted_at is not None

    @property
    def is_rekeying(self) -> bool:
        """Whether URLs that were signed before are about to die."""
        return self.next_key is not None

    @property
    def discards_at(self) -> datetime | None:
        """When it leaves the trash by itself."""
        return self.deleted_at + timedelta(days=settings.TRASH_DAYS) if self.deleted_at else None

    @property
    def dated_at(self) -> datetime:
        """What its copies are dated: when it was modified, or when its upload began where nobody said."""
        return self.modified_at or self.created_at

    @property
    def top_folder(self) -> str:
        """The first step of its path, which is what was dropped; "" for none."""
        return self.path.partition("/")[0]

    @property
    def extension(self) -> str:
        """What stands in place of a thumbnail: up to four letters, such as PDF."""
        stem, dot, suffix = self.name.rpartition(".")
        return suffix.upper() if dot and stem and suffix.isalnum() and len(suffix) <= 4 else "FILE"

    def presigned_url(self, *, seconds: int | None = None) -> str:
        """The bucket's own URL for a download under this name, good for `seconds` (1 to 604,800).

        By default for as long as the file takes on a slow line, since a download that broke off goes on at this URL.
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

    @property
    def preview_type(self) -> str:
        """As what a browser may show it; "" for what is only downloaded."""
        return preview_type(content_type=self.content_type, name=self.name, size=self.size)

    @property
    def media_type(self) -> str:
        """What readers are told that it is: by its name where that says more than what its uploader claimed."""
        return shown_type(content_type=self.content_type, name=self.name) or self.content_type

    def preview_url(self, *, seconds: int | None = None) -> str:
        """The bucket's own URL that shows it, good for as long as a download's. Only where there is a `preview_type`.

        A film is fetched range by range for as long as somebody watches it.
        """
        return get_bucket().presign_preview(
            self.object_key,
            filename=self.name,
            content_type=self.preview_type,
            seconds=url_lifetime(self.size) if seconds is None else seconds,
        )
