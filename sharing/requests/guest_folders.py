"""The folders in which an archive holds what guests sent: one for each guest."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from sharing.files.models import File
from sharing.links.archive_paths import Place
from sharing.requests.models import FileRequest, Guest


def received_files(file_request: FileRequest) -> tuple[list[File], list[Place]]:
    """Return the files that guests sent or are sending, guest by guest, each with its place in an archive.

    Takes two queries.
    """
    folders = _folders(file_request.guests.order_by("created_at", "pk"))
    sent = File.objects.present().filter(upload__delivery__guest__request=file_request)
    with_guests = sent.annotate(guest_id=F("upload__delivery__guest_id"))
    files = list[Any](with_guests.order_by("guest_id", "path", "name", "pk"))
    return files, [_place(file, folders[file.guest_id]) for file in files]


def _place(file: File, folder: str) -> Place:
    return Place(f"{folder}/{file.path}" if file.path else folder, file.name)


def _folders(guests: Iterable[Guest]) -> dict[int, str]:
    """Return a folder of their own for each guest, by primary key: two may give the same name."""
    folders: dict[int, str] = {}
    taken: set[str] = set()
    for guest in guests:
        name = unique = (guest.name or guest.email or _("No name")).replace("/", "_")
        number = 1
        while unique in taken:
            number += 1
            unique = f"{name} ({number})"
        taken.add(unique)
        folders[guest.pk] = unique
    return folders
