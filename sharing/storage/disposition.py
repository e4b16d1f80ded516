"""Content-Disposition headers that name a download correctly in any script."""

import re
import unicodedata
from urllib.parse import quote

from django.utils.http import content_disposition_header

from sharing.storage.saved_names import served_name

# A quoted-string or somebody's file system may stumble over these; "?" also stands for other scripts.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\%/?:*<>|]')


def attachment(filename: str) -> str:
    """Return the header for a download called `filename`: a name in ASCII, and the exact one where they differ.

    RFC 6266 section 4.3 and appendix D, with the extended notation of RFC 8187. The value is ASCII
    without control characters, so nothing in a name can add a header. A name that would act where it is saved
    (`.bashrc`, `desktop.ini`, a mark that turns it around) is changed as little as that takes.
    """
    return _named(filename, as_attachment=True)


def inline(filename: str) -> str:
    """Return the header for something that is shown, and saved as `filename` if at all, built as `attachment()` is."""
    return _named(filename, as_attachment=False)


def _named(filename: str, *, as_attachment: bool) -> str:
    name = served_name(filename)
    in_ascii = _in_ascii(name)
    # Django writes one of the two; a client that does not know the exact one would save the object's key.
    exactly = "" if name == in_ascii else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f"{content_disposition_header(as_attachment, in_ascii)}{exactly}"


def _in_ascii(name: str) -> str:
    """Return the name in ASCII, never empty, without what Django would have to escape."""
    letters = (char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    # Decomposed, it may be a name that acts after all, such as one in letters of full width.
    return served_name(_UNSAFE.sub("_", "".join(letters).encode("ascii", "replace").decode())) or "_"
