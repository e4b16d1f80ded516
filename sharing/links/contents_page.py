"""One page of the files of a link, which may have thousands."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from sharing.characters import cut
from sharing.files.folders import steps
from sharing.files.models import File
from sharing.files.names import MAX_PATH_LENGTH
from sharing.links.contents_folders import ContentsFolder, common_folder, folders_in, is_gallery, is_in
from sharing.links.gate import Admission
from sharing.links.offers import Offer
from sharing.links.statements import FILES_A_PAGE

QUERY = "q"
FOLDER = "folder"
LONGEST_QUERY = 200
# Of so few files all are seen at a glance.
FEW_FILES = 20


class Entries:
    """Folders, and behind them files, as one sequence that is read slice by slice."""

    def __init__(self, folders: Sequence[ContentsFolder], files: Sequence[Offer]) -> None:
        self._folders = folders
        self._files = files

    def __len__(self) -> int:
        return len(self._folders) + len(self._files)

    def __getitem__(self, part: slice) -> list[ContentsFolder | Offer]:
        start, stop, _step = part.indices(len(self))
        before = len(self._folders)
        files = self._files[max(0, start - before) : stop - before] if stop > before else []
        return [*self._folders[start:stop], *files]


class ContentsPage:
    """Searches, pages and opens folders by the URL alone, such as `?q=plan&contents-page=2` or `?folder=photos`.

    So it works without JavaScript. Of a link that fits on one page the gate has read all, and its folders hold their
    files. Of a longer one a folder is read when it is opened, by one query; to search takes two.
    """

    name = "contents"
    page_parameter = f"{name}-page"

    def __init__(self, admission: Admission) -> None:
        # Not the request's own path, since a refused download draws the page, too.
        self.path = admission.path
        asked = admission.request.GET
        self.query = cut(asked.get(QUERY, "").strip(), LONGEST_QUERY)
        self.is_long = admission.is_long
        self._folder_asked = cut(asked.get(FOLDER, ""), MAX_PATH_LENGTH)
        self._number = asked.get(self.page_parameter, "1")
        self._admission = admission

    @cached_property
    def page(self) -> Page[Any]:
        """One page of the folders and then the files in this folder, or of the files that were found."""
        listed: Any = self._found() if self.query else Entries(self._folders(), self._listed())
        return Paginator[Any](listed, FILES_A_PAGE).get_page(self._number)

    @cached_property
    def folders(self) -> list[ContentsFolder]:
        return [entry for entry in self.page if isinstance(entry, ContentsFolder)]

    @cached_property
    def offers(self) -> list[Offer]:
        return [entry for entry in self.page if isinstance(entry, Offer)]

    @cached_property
    def folder(self) -> str:
        """The path of the folder that is shown: the one that is asked for, else the one that holds all files."""
        asked, totals = self._folder_asked, self._admission.totals.paths
        if is_in(asked, self.top) and any(is_in(total.path, asked) for total in totals):
            return asked
        return self.top

    @property
    def shown_folder(self) -> str:
        """The folder below which the files are listed: a search finds them wherever they lie."""
        return "" if self.query else self.folder

    @cached_property
    def top(self) -> str:
        """The path of the folder that holds all files, "" for none."""
        return common_folder(self._admission.totals.paths)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Each folder on the way to this one below the top, as its path and its name."""
        return steps(self.folder)[len(steps(self.top)) :]

    @property
    def shows_all_at_once(self) -> bool:
        """True if there are so few files that folders are open from the start."""
        return self._admission.contents.count <= FEW_FILES

    @cached_property
    def is_gallery(self) -> bool:
        return is_gallery(self.offers)

    @cached_property
    def is_verified(self) -> bool:
        """True if every file that the page lists was compared with its SHA-256 on arrival."""
        listed = [*self.offers, *(offer for folder in self.folders for offer in folder.offers)]
        return bool(listed) and all(offer.file.check_made == File.Check.SHA256 for offer in listed)

    @property
    def listed_count(self) -> int:
        return len(self.offers) + sum(len(folder.offers) for folder in self.folders)

    def _found(self) -> Any:
        admission = self._admission
        return admission.search(self.query) if self.is_long else self._found_in(admission.offers)

    def _folders(self) -> list[ContentsFolder]:
        admission = self._admission
        return folders_in(self.folder, admission.totals.paths, () if self.is_long else admission.offers)

    def _listed(self) -> Any:
        admission = self._admission
        if self.is_long:
            return admission.listing(self.folder)
        return [offer for offer in admission.offers if offer.file.path == self.folder]

    def _found_in(self, offers: Sequence[Offer]) -> Sequence[Offer]:
        wanted = self.query.casefold()
        return [offer for offer in offers if wanted in f"{offer.file.path}/{offer.file.name}".casefold()]

    @classmethod
    def is_asked_for(cls, request: HttpRequest) -> bool:
        """True if the request names a page, a folder or a search: then it is no new view of the link."""
        return bool({QUERY, FOLDER, cls.page_parameter} & request.GET.keys())
