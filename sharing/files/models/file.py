"""A file that somebody put into the bucket, or is about to."""

import secrets
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from sharing.audit.record import record
from sharing.files.names import MAX_NAME_LENGTH, MAX_PATH_LENGTH, MAX_TYPE_LENGTH, parse_name
from sharing.storage.bucket import get_bucket
from sharing.storage.signing import DOWNLOAD_SECONDS

if TYPE_CHECKING:
    from sharing.accounts.models import User


# All that the app may delete lies under it: the bucket may hold other things.
KEY_PREFIX = "files/"


def new_object_key() -> str:
    """Where an object lies: 256 random bits, so that knowing one key tells nothing of another."""
    return f"{KEY_PREFIX}{secrets.token_urlsafe(32)}"


class FileQuerySet(models.QuerySet["File"]):
    def present(self) -> "FileQuerySet":
        """Arriving or ready, and not deleted."""
        return self.filter(deleted_at=None)

    def ready(self) -> "FileQuerySet":
        return self.present().exclude(ready_at=None)

    def in_folder(self, name: str) -> "FileQuerySet":
        """In the folder or below it. Compared as it is written, which LIKE on SQLite would not do."""
        beginning = Left("path", len(name) + 1)
        return self.alias(beginning=beginning).filter(Q(path=name) | Q(beginning=f"{name}/"))

    def to_purge(self) -> "FileQuerySet":
        """Deleted, with an object that may still be in the bucket."""
        return self.exclude(deleted_at=None).filter(purged_at=None)


class File(models.Model):
    """Its name and what the bucket said of it. The bytes are in the bucket alone."""

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
    etag = models.CharField("ETag", max_length=100, blank=True)
    sha256 = models.CharField(
        "SHA-256",
        max_length=60,
        blank=True,
        help_text="Base64, from the bucket; of the parts' digests where it ends in -N.",
    )
    check_made = models.CharField(max_length=10, choices=Check.choices, default=Check.NONE, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True, help_text="When the object was seen to be gone.")

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
        return self.ready_at is not None and self.deleted_at is None

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def top_folder(self) -> str:
        """The first step of its path, which is what was dropped; "" for none."""
        return self.path.partition("/")[0]

    @property
    def extension(self) -> str:
        """What stands in place of a thumbnail: up to four letters, such as PDF."""
        stem, dot, suffix = self.name.rpartition(".")
        return suffix.upper() if dot and stem and suffix.isalnum() and len(suffix) <= 4 else "FILE"

    def presigned_url(self, *, seconds: int = DOWNLOAD_SECONDS) -> str:
        """The bucket's own URL for a download under this name, good for `seconds` (1 to 604,800)."""
        return get_bucket().presign_download(
            self.object_key, filename=self.name, content_type=self.content_type, seconds=seconds
        )

    def rename(self, name: str, *, by: "User") -> None:
        """Give it another name; links keep working. Raises InvalidName."""
        before, self.name = self.name, parse_name(name)
        with transaction.atomic():
            self.save(update_fields=["name"])
            record("file.renamed", self, by=by, before=before)

    def delete_by(self, user: "User") -> None:
        """Stop its links at once and have its object removed. Safe to repeat."""
        from sharing.files.tasks import purge_file

        if not self.ready_at:
            self.upload.cancel(by=user)
            return
        with transaction.atomic():
            self.deleted_at = timezone.now()
            if File.objects.present().filter(pk=self.pk).update(deleted_at=self.deleted_at):
                self.owner.release(self.size)
                record("file.deleted", self, by=user, size=self.size)
                transaction.on_commit(lambda: purge_file.enqueue(str(self.pk)))

    def purge(self) -> None:
        """Remove the object of a deleted file from the bucket. Safe to repeat. Raises StorageError."""
        if not self.is_deleted:
            return
        get_bucket().delete(self.object_key)
        if timezone.now() > self.upload.form_ends_at:
            # Until the last presigned form has expired, the object could still be sent again.
            self.purged_at = timezone.now()
            self.save(update_fields=["purged_at"])

    def give_up(self) -> None:
        """Its object is not in the bucket any longer, whoever took it: its links stop. Safe to repeat."""
        with transaction.atomic():
            now = timezone.now()
            if File.objects.ready().filter(pk=self.pk).update(deleted_at=now, purged_at=now):
                self.owner.release(self.size)
                record("file.lost", self, size=self.size)
