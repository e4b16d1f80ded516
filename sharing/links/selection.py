"""A selection of one's own files: single files, whole folders, and all that a search found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from sharing.files.models import File
from sharing.links.errors import TooManyFiles
from sharing.links.file_filters import FileFilters
from sharing.links.models.base import LinkBase
from sharing.links.models.querysets import LinkQuerySet
from sharing.links.rules import MAX_FILES
from sharing.listing import query_of, search_files
from sharing.wording import grouped

if TYPE_CHECKING:
    from sharing.accounts.models import User


@dataclass(frozen=True)
class Folder:
    name: str
    count: int
    size: int


@dataclass(frozen=True)
class Found:
    """All files in and below a folder that a search and the filters find: "" is the top, and all of them."""

    query: str
    folder: str
    filters: FileFilters
    count: int
    size: int


@dataclass(frozen=True)
class Selection:
    """Read from `file` parameters, each an id or several separated by commas, `folder` ones, each a path, and `found`.

    With `found` it is also each file that the search for `q` and the filters find, in the folder `in`.
    """

    owner: "User"
    files: list[File]
    folders: list[Folder]
    found: Found | None = None

    @classmethod
    def of(cls, owner: "User", query: QueryDict) -> Self:
        """Return the selection. Takes one query, and one for each folder.

        Raises File.DoesNotExist for what is missing or not theirs.
        """
        files = own_files(owner, query.getlist("file"))
        names = dict.fromkeys(query.getlist("folder"))
        found = _found(owner, query) if "found" in query else None
        return cls(owner, files, [_folder(owner, name) for name in names], found)

    def __bool__(self) -> bool:
        return bool(self.files or self.folders or self.found)

    def all_files(self) -> list[File]:
        """Return each file once. Raises TooManyFiles before it reads more than a link takes."""
        if self.count > MAX_FILES:
            raise TooManyFiles(
                _("A link can hold at most %(limit)s files; you selected %(n)s.")
                % {"limit": grouped(MAX_FILES), "n": grouped(self.count)}
            )
        return self.each_file()

    @property
    def count(self) -> int:
        """The number of files, where one that was selected twice counts twice."""
        return len(self.files) + sum(some.count for some in self._others)

    def each_file(self) -> list[File]:
        """Return each file once, however many there are."""
        found = {file.pk: file for file in self.files}
        for some in self._others:
            found |= {file.pk: file for file in self._files_of(some)}
        return list(found.values())

    def alone(self) -> list[File]:
        """Return each file that was selected by itself, or found: not those that only a folder holds."""
        found = {file.pk: file for file in self.files}
        if self.found:
            found |= {file.pk: file for file in self._files_of(self.found)}
        return list(found.values())

    def held_by(self, folder: Folder) -> QuerySet[File]:
        return self._files_of(folder)

    def keys(self) -> set[UUID]:
        """Return the primary keys of all of them."""
        keys = {file.pk for file in self.files}
        for some in self._others:
            keys |= {*self._files_of(some).order_by().values_list("pk", flat=True)}
        return keys

    @property
    def _others(self) -> list[Folder | Found]:
        return [*self.folders, *([self.found] if self.found else [])]

    def _files_of(self, some: Folder | Found) -> QuerySet[File]:
        if isinstance(some, Folder):
            return self.owner.files.present().in_folder(some.name)
        return found_files(self.owner, some.query, some.folder, some.filters)


def found_files(owner: "User", query: str, folder: str, filters: FileFilters) -> QuerySet[File]:
    """Return the files that the dashboard lists in a folder when it is searched for `query` and filtered."""
    held = filters.narrow(files_in(owner, folder))
    return search_files(held, query) if query else held


def files_in(owner: "User", folder: str) -> QuerySet[File]:
    """Return the files in and below a folder; "" is the top, and all of them."""
    ready = owner.files.ready()
    return ready.in_folder(folder) if folder else ready


def search_links[L: LinkBase](owner: "User", links: LinkQuerySet[L], query: str) -> LinkQuerySet[L]:
    """Return those of the owner's links that a search finds, by themselves or by the names of their files."""
    return links.matching(query, owner.files.filter(name__icontains=query))


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


def _found(owner: "User", given: QueryDict) -> Found:
    query, folder, filters = query_of(given), given.get("in", ""), FileFilters.of(given)
    found = found_files(owner, query, folder, filters).order_by()
    return Found(query, folder, filters, **found.aggregate(count=Count("pk"), size=Sum("size", default=0)))
