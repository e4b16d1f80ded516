"""An archive of one's own files, without a link: a selection, what is in a link, or what a request has brought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharing.audit.record import record
from sharing.files.models import File
from sharing.links.archive_paths import Place
from sharing.links.script import archive_name
from sharing.links.selection import Selection
from sharing.requests.guest_folders import received_files
from sharing.requests.models import FileRequest
from sharing.storage.saved_names import safe_name
from sharing.wording import grouped

if TYPE_CHECKING:
    from sharing.accounts.models import User

# Each row of the list is held in memory here and in the browser.
MAX_FILES = 20_000
# In seconds. The browser asks for a URL just before it needs it, and again after four minutes. A URL of so short a life
# needs no record of its own, by which the object would get another key once the URL must no longer work.
URL_SECONDS = 900
ARCHIVE_LIFE = timedelta(days=1)


class NotArchivable(Exception):
    """Nothing was selected, too much was, or nothing of it has arrived yet."""


@dataclass(frozen=True, kw_only=True)
class OwnArchive:
    """`files` have arrived; `arriving` is how many others have not. `name` is without an extension."""

    name: str
    files: Sequence[File]
    places: Sequence[Place]
    arriving: int

    @classmethod
    def of(cls, owner: "User", query: QueryDict) -> Self:
        """Read from `link` or `request`, a public id, or from what Selection reads.

        Raises Http404 for what is missing or not theirs, NotArchivable.
        """
        if "link" in query:
            link = get_object_or_404(owner.links.listed(), public_id=query["link"])
            return cls._made(archive_name(link), link.files.present().order_by("path", "name", "pk"))
        if "request" in query:
            own = FileRequest.objects.filter(owner=owner)
            file_request = get_object_or_404(own, public_id=query["request"])
            return cls._made(safe_name(file_request.title), *received_files(file_request))
        return cls._of_selection(owner, query)

    @classmethod
    def _of_selection(cls, owner: "User", query: QueryDict) -> Self:
        try:
            selection = Selection.of(owner, query)
        except File.DoesNotExist as error:
            raise Http404 from error
        if not selection:
            raise NotArchivable(_("Select files first."))
        _check_count(selection.count)
        names = [folder.name.rpartition("/")[2] for folder in selection.folders]
        is_folder = len(names) == 1 and not (selection.files or selection.found)
        return cls._made(safe_name(names[0]) if is_folder else "Waybill", selection.each_file())

    @classmethod
    def _made(cls, name: str, files: Iterable[File], places: Sequence[Place] | None = None) -> Self:
        files = list(files)
        _check_count(len(files))
        placed = zip(files, places or [Place(file.path, file.name) for file in files], strict=True)
        ready = [(file, place) for file, place in placed if file.is_ready]
        if not ready:
            raise NotArchivable(
                _("These files are still uploading. Try again in a moment.")
                if files
                else _("There are no files to download.")
            )
        return cls(
            name=name,
            files=[file for file, _place in ready],
            places=[place for _file, place in ready],
            arriving=len(files) - len(ready),
        )

    @property
    def note(self) -> str:
        """Say how many files are not in it yet; "" if all are."""
        if not self.arriving:
            return ""
        words = ngettext(
            "%(n)s file is still uploading and is not in it.",
            "%(n)s files are still uploading and are not in it.",
            self.arriving,
        )
        return words % {"n": grouped(self.arriving)}

    def begin(self, *, by: "User") -> str:
        """Record that its owner downloads it, and return a signed proof that they began, valid for a day.

        It is one event, however many files there are. Nothing is counted.
        """
        size = sum(file.size for file in self.files)
        record("files.downloaded", by, by=by, name=self.name, count=len(self.files), size=size)
        return _signer(by).sign(str(by.pk))


def is_begun_by(owner: "User", proof: str) -> bool:
    """True if this proves that they began an archive in the last day."""
    try:
        return _signer(owner).unsign(proof, max_age=ARCHIVE_LIFE) == str(owner.pk)
    except BadSignature:
        return False


def issue_urls(owner: "User", ids: Iterable[UUID]) -> dict[str, str]:
    """Return presigned URLs of those of these files that are theirs and ready, by file id. Takes one query."""
    ready = owner.files.ready().filter(pk__in=list(ids))
    return {str(file.pk): file.presigned_url(seconds=URL_SECONDS) for file in ready}


def _signer(owner: "User") -> TimestampSigner:
    return TimestampSigner(salt=f"sharing.pages.own_archive.{owner.pk}")


def _check_count(count: int) -> None:
    if count > MAX_FILES:
        words = _("An archive can hold at most %(limit)s files; you selected %(n)s.")
        raise NotArchivable(words % {"limit": grouped(MAX_FILES), "n": grouped(count)})
