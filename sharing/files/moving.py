"""Moving files to other folders. Names alone change: links keep working, and nothing in the bucket moves."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.audit.models import Event
from sharing.audit.record import record_all
from sharing.files.errors import InvalidName
from sharing.files.models import File
from sharing.files.names import parse_name, parse_path

if TYPE_CHECKING:
    from sharing.accounts.models import User

ACTION = "file.folder_changed"
MOVED_AT_ONCE = 500
# So long a move can be undone.
UNDONE_WITHIN = timedelta(days=1)


def moved_path(path: str, *, folder: str, to: str, name: str = "") -> str:
    """Return where a file that lies in or below `folder` lies once this folder is in `to`, under a new name if given.

    Raises InvalidName.
    """
    if to == folder or to.startswith(f"{folder}/"):
        raise InvalidName(_("A folder cannot be moved into itself."))
    new = parse_name(name or folder.rpartition("/")[2])
    return parse_path(f"{to}/{new}" if to else new) + path[len(folder) :]


@transaction.atomic
def move(owner: "User", paths: Mapping[UUID, str], *, by: "User") -> tuple[int, str]:
    """Give each of these files of the owner's its new path. Return how many moved, and the name of the move.

    By this name it can be undone. All of them move, or none does. Raises InvalidName.
    """
    name, moved = str(uuid4()), 0
    for path in set(paths.values()):
        parse_path(path)
    for keys in batched(sorted(paths), MOVED_AT_ONCE):
        present = owner.files.present().filter(pk__in=keys).order_by("pk")
        files = [file for file in present.select_for_update(of=("self",)) if file.path != paths[file.pk]]
        before = {file.pk: file.path for file in files}
        for file in files:
            file.path = paths[file.pk]
        File.objects.bulk_update(files, ["path"])
        details = ((file, {"before": before[file.pk], "after": file.path, "move": name}) for file in files)
        record_all(ACTION, details, by=by)
        moved += len(files)
    return moved, name


def move_back(owner: "User", name: str, *, by: "User") -> int:
    """Put the files of a move back where they were, unless they were moved again. Return how many. Safe to repeat."""
    recent = Event.objects.filter(action=ACTION, actor=by, at__gt=timezone.now() - UNDONE_WITHIN)
    moves = {UUID(event.subject_id): event.details for event in recent.filter(details__move=name)}
    files = owner.files.present().filter(pk__in=moves)
    there = {file.pk for file in files if file.path == moves[file.pk]["after"]}
    return move(owner, {key: moves[key]["before"] for key in there}, by=by)[0]
