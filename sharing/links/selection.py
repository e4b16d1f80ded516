"""A selection of one's own files: single files, and whole folders."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import Count, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from sharing.files.models import File
from sharing.links.errors import TooManyFiles
from sharing.links.rules import MAX_FILES
from sharing.wording import grouped

if TYPE_CHECKING:
    from sharing.accounts.models import User


@dataclass(frozen=True)
class Folder:
    name: str
    count: int
    size: int


@dataclass(frozen=True)
class Selection:
    """Read from `file` parameters, each an id or several separated by commas, and `folder` ones, each a path."""

    owner: "User"
    files: list[File]
    folders: list[Folder]

    @classmethod
    def of(cls, owner: "User", query: QueryDict) -> Self:
        """Takes one query, and one for each folder. Raises File.DoesNotExist for what is missing or not theirs."""
        files = own_files(owner, query.getlist("file"))
        names = dict.fromkeys(query.getlist("folder"))
        return cls(owner, files, [_folder(owner, name) for name in names])

    def __bool__(self) -> bool:
        return bool(self.files or self.folders)

    def all_files(self) -> list[File]:
        """Return each file once. Raises TooManyFiles before it reads more than a link takes."""
        count = len(self.files) + sum(folder.count for folder in self.folders)
        if count > MAX_FILES:
            raise TooManyFiles(
                _("A link can hold at most %(limit)s files; you selected %(n)s.")
                % {"limit": grouped(MAX_FILES), "n": grouped(count)}
            )
        found = {file.pk: file for file in self.files}
        for folder in self.folders:
            found |= {file.pk: file for file in self.owner.files.present().in_folder(folder.name)}
        return list(found.values())


def own_files(owner: "User", values: Iterable[str]) -> list[File]:
    """Return the files of these ids. Raises File.DoesNotExist unless the owner has all of them."""
    try:
        ids = {UUID(part) for value in values for part in value.split(",") if part}
    except ValueError as error:
        raise File.DoesNotExist from error
    files = list(owner.files.present().filter(pk__in=ids).order_by("path", "name", "pk"))
    if len(files) < len(ids):
        raise File.DoesNotExist
    return files


def _folder(owner: "User", name: str) -> Folder:
    known = owner.files.present().in_folder(name).aggregate(count=Count("pk"), size=Sum("size", default=0))
    if not name or not known["count"]:
        raise File.DoesNotExist
    return Folder(name, **known)
