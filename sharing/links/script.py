"""A shell script that fetches a link's files one by one: for thousands of them, and for machines without a browser."""

import base64
import shlex

from django.template.loader import render_to_string

from sharing.files.models import File, Upload
from sharing.links.models import Link
from sharing.links.unpacked import unpacked_paths


def script(link: Link) -> str:
    """POSIX sh for what is open to whoever reached the link; it holds no password. Takes one query.

    Files get the paths that they have in an archive.
    """
    files = [item.file for item in link.contents if item.is_open]
    part_sizes = dict(Upload.objects.filter(file__items__link=link).values_list("file_id", "part_size"))
    lines = [
        _line(file, path, part_sizes[file.pk])
        for file, path in zip(files, unpacked_paths(files), strict=True)
    ]
    context = {"address": link.url, "has_password": bool(link.password), "lines": lines}
    return render_to_string("links/files.sh", context)


def _line(file: File, path: str, part_size: int) -> str:
    """One call of the script's `fetch`: a path that begins with a dot is no option, whatever its name."""
    digest = base64.b64decode(file.sha256.partition("-")[0]).hex()
    words = [str(file.pk), f"./{path}", str(file.size), digest, str(part_size)]
    return shlex.join(["fetch", *words, f"{file.dated_at:%Y%m%d%H%M.%S}"])
