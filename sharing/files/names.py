"""Parses the names, folder paths and types that people give. They never become part of an object key."""

import re
import unicodedata

from django.utils.translation import gettext as _

from sharing.files.errors import InvalidName

MAX_NAME_LENGTH = 255
MAX_PATH_LENGTH = 1024
MAX_TYPE_LENGTH = 127
DEFAULT_TYPE = "application/octet-stream"

# Cc: control characters; Cs: half a surrogate pair, which is no text and cannot be stored.
_UNPRINTABLE = {"Cc", "Cs"}

# RFC 6838 section 4.2, without parameters.
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,62}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,62}")


def parse_name(value: str) -> str:
    """Return a file's own name, exactly as given. Raises InvalidName."""
    if not value:
        raise InvalidName(_("A file needs a name."))
    if not value.strip():
        raise InvalidName(_("The name is only spaces. Rename the file."))
    if len(value) > MAX_NAME_LENGTH:
        raise InvalidName(
            _("The name has %(length)s characters; %(limit)s are allowed. Shorten it.")
            % {"length": len(value), "limit": MAX_NAME_LENGTH}
        )
    if "/" in value or value in {".", ".."}:
        raise InvalidName(_("A file name cannot contain “/”, and cannot be “.” or “..”."))
    _refuse_unprintable(value)
    return value


def parse_path(value: str) -> str:
    """Return the relative path of a file's folder, such as `photos/2026`; "" for none. Raises InvalidName."""
    if not value:
        return ""
    if len(value) > MAX_PATH_LENGTH:
        raise InvalidName(
            _("The folder path has %(length)s characters; %(limit)s are allowed.")
            % {"length": len(value), "limit": MAX_PATH_LENGTH}
        )
    if any(folder in {"", ".", ".."} for folder in value.split("/")):
        raise InvalidName(
            _("A folder path is relative, such as “photos/2026”: no “..”, and no “/” at either end.")
        )
    _refuse_unprintable(value)
    return value


def parse_type(value: str) -> str:
    """Return the media type without parameters, in lower case; DEFAULT_TYPE if it is none.

    The sender's system says it, and people can neither see nor change it: no file is refused for it.
    """
    value = value.partition(";")[0].strip()
    return value.lower() if _TYPE.fullmatch(value) else DEFAULT_TYPE


def storable(value: str) -> str:
    """Return the text with “_” for characters that cannot be stored or seen in a name, such as control characters."""
    return "".join("_" if unicodedata.category(char) in _UNPRINTABLE else char for char in value)


def _refuse_unprintable(value: str) -> None:
    if any(unicodedata.category(char) in _UNPRINTABLE for char in value):
        raise InvalidName(
            _("The name contains characters that are not allowed, such as line breaks. Rename the file.")
        )
