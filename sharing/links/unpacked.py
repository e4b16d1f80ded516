"""The paths of files in an archive, such that every system can unpack them and none is led astray."""

import re
from collections.abc import Iterable

from sharing.files.models import File

# What Windows refuses in a name, control characters, and Unicode's marks that hide or turn text around (UAX #9).
_UNSAFE = re.compile(
    '[<>:"|?*\\\\/\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]'
)
# Device names of Windows, whatever extension follows: "Naming Files, Paths, and Namespaces".
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)", re.IGNORECASE)
# Most file systems hold 255 bytes or UTF-16 units; a number may be added.
_MAX_BYTES = 240


def unpacked_paths(files: Iterable[File]) -> list[str]:
    """A relative path for each, no two alike where upper and lower case are the same."""
    taken: set[str] = set()
    return [_free(_path(file), taken) for file in files]


def safe_name(name: str) -> str:
    """One step of a path: not empty, no `..`, no reserved name, no blank or dot at its end."""
    name = _UNSAFE.sub("_", name).strip(" ")
    kept = name.rstrip(". ")
    name = _shortened(kept + "_" * (len(name) - len(kept))) or "_"
    return f"_{name}" if _RESERVED.match(name) else name


def _path(file: File) -> str:
    steps = [*file.path.split("/"), file.name] if file.path else [file.name]
    return "/".join(map(safe_name, steps))


def _free(path: str, taken: set[str]) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    number = 1
    while path.casefold() in taken:
        number += 1
        path = f"{folder}{slash}{stem} ({number}){dot}{suffix}"
    taken.add(path.casefold())
    return path


def _shortened(name: str) -> str:
    if len(name.encode()) <= _MAX_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    end = f"{dot}{suffix}" if stem and len(suffix.encode()) <= 20 else ""
    kept = (stem if end else name).encode()[: _MAX_BYTES - len(end.encode())].decode(errors="ignore")
    return f"{kept.rstrip('. ')}{end}"
