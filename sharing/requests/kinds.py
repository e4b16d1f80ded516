"""The kinds of files that a request takes. Names and types are the sender's claims; the bytes are not checked."""

import re

from django.utils.translation import gettext as _

from sharing.requests.errors import InvalidKinds

MAX_LENGTH = 500
_EXTENSION = re.compile(r"[a-z0-9]{1,10}")
_KIND = re.compile(r"(image|video|audio|text)/\*")


def parse_kinds(typed: str) -> str:
    """Return extensions such as `pdf` and types such as `image/*`, comma-separated; "" for any. Raises InvalidKinds."""
    words = dict.fromkeys(word.lstrip(".").lower() for word in re.split(r"[\s,;]+", typed) if word)
    for word in words:
        if not (_EXTENSION.fullmatch(word) or _KIND.fullmatch(word)):
            raise InvalidKinds(_("Enter extensions such as pdf, or types such as image/* or video/*."))
    kinds = ",".join(words)
    if len(kinds) > MAX_LENGTH:
        raise InvalidKinds(_("The list is too long. Remove some, or allow any file."))
    return kinds


def is_of(kinds: str, name: str, content_type: str) -> bool:
    """Return True if a file of this name and media type is of one of these kinds."""
    if not kinds:
        return True
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    return any(
        content_type.startswith(kind[:-1]) if kind.endswith("/*") else extension == kind
        for kind in kinds.split(",")
    )
