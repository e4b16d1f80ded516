"""Commands for a shell that download a link's files: a line of curl for each, or a script that does all of it.

A stranger chose the names, so neither ever writes into a folder or over a file that the reader has.
"""

import base64
import shlex
from uuid import UUID

from django.template.loader import render_to_string

from sharing.files.models import File, Upload
from sharing.links.archive_paths import ArchivePaths, archive_paths
from sharing.links.gate import Admission
from sharing.links.models import Item, Link
from sharing.storage.saved_names import safe_name

# A file in the folder that the script makes, by which it knows it again.
_MARK = ".waybill"


def script(admission: Admission) -> str:
    """POSIX sh for what is open to whoever reached the link; it holds no password. Takes one query.

    Files get the paths that they have in an archive, and with `--dots` their own dots.
    """
    link = admission.link
    files = [item.file for item in link.contents]
    dotted = ArchivePaths(files, keep_dots=True, reserved=[_MARK]).paths
    part_sizes = dict(Upload.objects.filter(file__items__link=link).values_list("file_id", "part_size"))
    lines = [
        _line(item.file, path, dotted_path, part_sizes)
        for item, path, dotted_path in zip(link.contents, archive_paths(files), dotted, strict=True)
        if item.is_available
    ]
    context = {
        "address": link.url,
        "folder": shlex.quote(f"./{archive_name(link)}"),
        "mark": _MARK,
        "id": link.public_id,
        "has_password": bool(link.password),
        "lines": lines,
    }
    return render_to_string("links/files.sh", context)


def curl_lines(admission: Admission) -> list[str]:
    """A command for each file that is open, which can be run alone and again: what is there stays as it is."""
    link = admission.link
    paths = archive_paths(item.file for item in link.contents)
    return [
        _curl_line(link, item, path)
        for item, path in zip(link.contents, paths, strict=True)
        if item.is_available
    ]


def script_line(admission: Admission) -> str:
    """The command that downloads the script and runs it. Only an earlier copy of it has this name."""
    link = admission.link
    name = f"waybill-{link.public_id}.sh"
    return f"curl -fL -o {name} {link.url}files.sh && sh {name}"


def archive_name(link: Link) -> str:
    """What the folder or archive with all its files is called."""
    return safe_name(link.title or f"Waybill {link.public_id}")


def _curl_line(link: Link, item: Item, path: str) -> str:
    """With noclobber (`set -C`) the shell makes the file anew or refuses, before curl fills it."""
    body = '--data-urlencode "password=$password"' if link.password else "-d ''"
    file = shlex.quote(f"waybill-{link.public_id}/{path}")
    address = f"{link.url}files/{item.file_id}/download/"
    return (
        f'(f={file}; mkdir -p "${{f%/*}}" && set -C && : >"$f" && '
        f'{{ curl -fL {body} -o "$f" {address} || ! rm "$f"; }})'
    )


def _line(file: File, path: str, dotted: str, part_sizes: dict[UUID, int]) -> str:
    """One call of the script's `fetch`: a path that begins with a dot is no option, whatever its name."""
    digest = base64.b64decode(file.sha256.partition("-")[0]).hex()
    words = [str(file.pk), f"./{path}", str(file.size), digest, str(part_sizes[file.pk])]
    words.append(f"{file.dated_at:%Y%m%d%H%M.%S}")
    return shlex.join(["fetch", *words, *([f"./{dotted}"] if dotted != path else [])])
