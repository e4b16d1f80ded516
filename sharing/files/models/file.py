"""A file that somebody put into the bucket, or is about to: stored, moved, handed out, deleted."""

from typing import TYPE_CHECKING

from django.db import models, transaction

from sharing.audit.record import record
from sharing.files.models.trash import Trashed
from sharing.files.names import parse_name

if TYPE_CHECKING:
    from sharing.accounts.models import User


class File(Trashed):
    class Meta:
        ordering = ["-created_at", "name"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="file_by_owner_newest"),
            models.Index(fields=["deleted_at"], condition=models.Q(purged_at=None), name="file_to_purge"),
        ]

    def rename(self, name: str, *, by: "User") -> None:
        """Give it another name; links keep working. Raises InvalidName."""
        before, self.name = self.name, parse_name(name)
        with transaction.atomic():
            self.save(update_fields=["name"])
            record("file.renamed", self, by=by, before=before)
