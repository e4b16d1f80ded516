"""Shell commands that download the files of a link: a curl command for each, or a script for all.

A stranger chose the names, so neither writes into a folder or over a file that exists already.
"""

import base64
import shlex
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sharing.files.models import File, Upload
from sharing.links.archive_paths import ArchivePaths, archive_paths
from sharing.links.gate import Admission
from sharing.links.models import Link
from sharing.storage.saved_names import safe_name

# A file in the folder that the script makes, by which a later run recognises it.
_MARK = ".waybill"


def script(admission: Admission) -> str:
    """Return a POSIX shell script that downloads the available files. It holds no password. Takes one query.

    Files get the paths that they have in an archive, and with `--dots` their own dots.
    """
    link = admission.link
    files = [offer.file for offer in admission.offers]
    dotted = ArchivePaths(files, keep_dots=True, reserved=[_MARK]).paths
    part_sizes = dict(Upload.objects.filter(file__items__link=link).values_list("file_id", "part_size"))
    lines = [
        _line(offer.file, path, dotted_path, part_sizes)
        for offer, path, dotted_path in zip(admission.offers, archive_paths(files), dotted, strict=True)
        if offer.is_available
    ]
    context = {
        "address": admission.url,
        "folder": shlex.quote(f"./{archive_name(link)}"),
        "mark": _MARK,
        "id": link.public_id,
        "has_password": bool(link.password),
        "lines": lines,
        "say": {name: shlex.quote(text) for name, text in _sentences().items()},
    }
    return render_to_string("links/files.sh", context)


def _sentences() -> dict[str, str]:
    """Return what the script says."""
    return {
        "usage": _("Usage: sh files.sh [--dots] [folder]"),
        "password": _("Password of the link:"),
        "there": _("Already there:"),
        "downloading": _("Downloading:"),
        "kept": _(
            "These are there already and differ from the files of the link. They were left as they are; "
            "move them away to download them:"
        ),
        "blocked": _(
            "These were not saved, because a folder of their path is a file, or a link that leads elsewhere:"
        ),
        "failed": _("These failed. Run the script again to download what is missing:"),
        "saved": _("All files are saved in:"),
    }


def curl_lines(admission: Admission) -> list[str]:
    """Return a command for each available file. Each can be run alone and again: existing files stay as they are."""
    paths = archive_paths(offer.file for offer in admission.offers)
    return [
        _curl_line(admission, offer.file, path)
        for offer, path in zip(admission.offers, paths, strict=True)
        if offer.is_available
    ]


def script_line(admission: Admission) -> str:
    """Return the command that downloads the script and runs it. Only an earlier copy of it has this name."""
    name = f"waybill-{admission.link.public_id}.sh"
    return f"curl -fL -o {name} {admission.url}files.sh && sh {name}"


def archive_name(link: Link) -> str:
    """Return the name of the folder or archive with all files of the link."""
    return safe_name(link.title or f"Waybill {link.public_id}")


def _curl_line(admission: Admission, file: File, path: str) -> str:
    """With noclobber (`set -C`) the shell makes the file anew or refuses, before curl fills it."""
    link = admission.link
    body = '--data-urlencode "password=$password"' if link.password else "-d ''"
    target = shlex.quote(f"waybill-{link.public_id}/{path}")
    address = f"{admission.url}files/{file.pk}/download/"
    return (
        f'(f={target}; mkdir -p "${{f%/*}}" && set -C && : >"$f" && '
        f'{{ curl -fL {body} -o "$f" {address} || ! rm "$f"; }})'
    )


def _line(file: File, path: str, dotted: str, part_sizes: dict[UUID, int]) -> str:
    """Return one call of the script's `fetch`. Paths begin with a dot, so that no name is taken for an option."""
    digest = base64.b64decode(file.sha256.partition("-")[0]).hex()
    words = [str(file.pk), f"./{path}", str(file.size), digest, str(part_sizes[file.pk])]
    words.append(f"{file.dated_at:%Y%m%d%H%M.%S}")
    return shlex.join(["fetch", *words, *([f"./{dotted}"] if dotted != path else [])])
