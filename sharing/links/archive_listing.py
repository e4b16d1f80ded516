"""The list from which a browser packs files into one archive."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from sharing.files.models import File
from sharing.links.archive_paths import ArchivePaths, Place
from sharing.storage.disposition import attachment


def archive_listing(
    name: str,
    files: Sequence[File],
    *,
    given: Collection[UUID] | None = None,
    places: Sequence[Place] | None = None,
) -> dict[str, Any]:
    """Return the archive's Content-Disposition, and each file with its path in the archive; as JSON.

    Only those whose keys are in `given` are listed, but a path does not depend on which these are. `places` are the
    files' own paths and names unless others are given.
    """
    archive = ArchivePaths(files if places is None else places)
    return {
        "disposition": attachment(f"{name}.zip"),
        # The file of the archive that lists what could not be fetched.
        "list": archive.unique(_("Not in this archive.txt")),
        "files": [
            {
                "id": str(file.pk),
                "path": path,
                "size": file.size,
                "modified": file.dated_at.isoformat(),
                "etag": file.etag,
            }
            for file, path in zip(files, archive.paths, strict=True)
            if given is None or file.pk in given
        ],
    }
