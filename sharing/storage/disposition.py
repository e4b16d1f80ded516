"""The Content-Disposition with which the bucket names a download, right in any script."""

import re
import unicodedata
from urllib.parse import quote

# Marks that turn the direction of text around: with one, "gpj.exe" reads as "exe.jpg". Browsers drop them too.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# What a quoted-string or somebody's file system may stumble over; "?" is also what stands for other scripts.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\%/?:*<>|]')


def attachment(filename: str) -> str:
    """The header of a download called `filename`: a name in ASCII for old clients, and the exact one.

    RFC 6266 section 4.3 and appendix D, with the extended notation of RFC 8187. The value is ASCII
    without control characters, so nothing in a name can add a header.
    """
    return _named("attachment", filename)


def inline(filename: str) -> str:
    """The header of something that is shown, and saved as `filename` if at all: written as `attachment` is."""
    return _named("inline", filename)


def _named(kind: str, filename: str) -> str:
    name = _DIRECTION_MARKS.sub("_", filename)
    return f"{kind}; filename=\"{_in_ascii(name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def _in_ascii(name: str) -> str:
    letters = (char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return _UNSAFE.sub("_", "".join(letters).encode("ascii", "replace").decode())
