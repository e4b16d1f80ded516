"""A file in the bucket, or on its way there."""

from typing import TYPE_CHECKING

from django.db import models, transaction

from sharing.audit.record import record
from sharing.files.models.direct_sharing import DirectlyShared
from sharing.files.models.listed import Listed
from sharing.files.models.preview import Previewed
from sharing.files.models.querysets import FileQuerySet
from sharing.files.models.rekeying import Rekeyed
from sharing.files.models.thumbnail import Thumbnailed
from sharing.files.models.trash import Trashed
from sharing.files.names import parse_name
from sharing.storage.bucket import get_bucket
from sharing.storage.presigning import url_lifetime

if TYPE_CHECKING:
    from sharing.accounts.models import User


def _listed(name: str, *order: str) -> models.Index:
    """Return an index for a list of an owner's files in this order. What the list selects by is in it, too."""
    return models.Index(
        fields=["owner", *order, "id", "ready_at"], condition=models.Q(deleted_at=None), name=name
    )


class File(Listed, Previewed, Thumbnailed, DirectlyShared, Rekeyed, Trashed):
    """An object in the bucket, with a name and an owner: listed, previewed, shared, given a new key and trashed.

    Name, type and owner are ours; size, ETag and checksum are what the bucket reports. Fields are in `base.py`.
    """

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "name"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="file_by_owner_newest"),
            # The admin's list, of everybody's.
            models.Index(fields=["-created_at"], name="file_newest"),
            # For the periodic tasks, which look for next to nothing of a large table.
            models.Index(
                fields=["deleted_at"],
                condition=models.Q(deleted_at__isnull=False, discarded_at=None),
                name="file_trashed",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(discarded_at__isnull=False, purged_at=None),
                name="file_discarded",
            ),
            models.Index(
                fields=["move_asked_at"],
                condition=models.Q(move_asked_at__isnull=False),
                name="file_to_rekey",
            ),
            _listed("file_listed_by_created", "-created_at", "name"),
            _listed("file_listed_by_name_key", "name_key", "-created_at"),
            _listed("file_listed_by_kind", "kind", "-created_at", "name"),
            _listed("file_listed_by_size", "-size", "name"),
            models.Index(
                fields=["owner", "-deleted_at", "name", "id", "size"],
                condition=models.Q(deleted_at__isnull=False, discarded_at=None),
                name="file_trashed_by_owner",
            ),
            # For the beginning of a path, whatever the database sorts by.
            models.Index(
                fields=["owner", "path"],
                condition=models.Q(deleted_at=None),
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="file_by_folder",
            ),
            # Open pages ask for the latest arrival every few seconds.
            models.Index(
                fields=["owner", "-ready_at"],
                condition=models.Q(ready_at__isnull=False),
                name="file_by_owner_arrived",
            ),
            models.Index(
                fields=["owner", "charged"],
                condition=models.Q(discarded_at__isnull=False, purged_at=None),
                name="file_held_by_owner",
            ),
        ]

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
            self.save(update_fields=["name", "name_key", "kind"])
            record("file.renamed", self, by=by, before=before)
