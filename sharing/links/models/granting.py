"""The files that a link grants, each by an Item."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _

from sharing.audit.record import record
from sharing.files.models import File
from sharing.links.errors import TooManyFiles
from sharing.links.models.base import LinkBase
from sharing.links.rules import MAX_FILES
from sharing.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sharing.accounts.models import User


class Granting(LinkBase):
    """Adds `files`."""

    files = models.ManyToManyField(File, through="links.Item", related_name="links")

    class Meta:
        abstract = True

    def add_files(self, files: "Iterable[File]", *, by: "User") -> None:
        """Grant more files, which must be the owner's. Safe to repeat. Raises TooManyFiles."""
        with transaction.atomic():
            # One after another: racing additions must not exceed together what each may.
            type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
            granted = set(self.items.values_list("file_id", flat=True))
            new = [file for file in files if file.pk not in granted]
            if len(granted) + len(new) > MAX_FILES:
                raise TooManyFiles(
                    _("A link can hold at most %(limit)s files.") % {"limit": grouped(MAX_FILES)}
                )
            self.files.add(*new)
            if len(new) > 1:
                ids = [str(file.pk) for file in new]
                record("link.files_added", self, by=by, name=new[0].name, more=len(new) - 1, files=ids)
            elif new:
                record("link.file_added", self, by=by, **_details_of(new[0]))

    def remove_file(self, file: File, *, by: "User") -> None:
        """Stop granting a file, and stop its issued downloads. Safe to repeat."""
        with transaction.atomic():
            if self.items.filter(file=file).delete()[0]:
                record("link.file_removed", self, by=by, **_details_of(file))
                self.stop_issued_downloads(file_id=str(file.pk))


def _details_of(file: File) -> dict[str, str]:
    """Return the details of an event that tell the file, whose name may change later."""
    return {"file": str(file.pk), "name": file.name}
