"""Content-Disposition headers that name a download correctly in any script."""

import re
import unicodedata
from urllib.parse import quote

from sharing.storage.saved_names import served_name

# What a quoted-string or somebody's file system may stumble over; "?" is also what stands for other scripts.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\%/?:*<>|]')


def attachment(filename: str) -> str:
    """Return the header for a download called `filename`: a name in ASCII for old clients, and the exact one.

    RFC 6266 section 4.3 and appendix D, with the extended notation of RFC 8187. The value is ASCII
    without control characters, so nothing in a name can add a header. A name that would act where it is saved
    (`.bashrc`, `desktop.ini`, a mark that turns it around) is changed as little as that takes.
    """
    return _named("attachment", filename)


def inline(filename: str) -> str:
    """Return the header for something that is shown, and saved as `filename` if at all, built as `attachment()` is."""
    return _named("inline", filename)


def _named(kind: str, filename: str) -> str:
    name = served_name(filename)
    return f"{kind}; filename=\"{_in_ascii(name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def _in_ascii(name: str) -> str:
    letters = (char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    # Decomposed, it may be a name that acts after all, such as one in letters of full width.
    return served_name(_UNSAFE.sub("_", "".join(letters).encode("ascii", "replace").decode()))
