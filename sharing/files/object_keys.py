"""Object keys: making them, and telling which of them this instance has made."""

import re
import secrets

from sharing import tokens

# All that the app may delete lies under it: the bucket may hold other things.
KEY_PREFIX = "files/"
# Not a folder of its own: a file system, as SeaweedFS has one, cannot hold both `a` and `a/b`.
_THUMBNAIL_SUFFIX = ".thumbnail"
_RANDOM_LENGTH = 21
_FORM = re.compile(rf"{KEY_PREFIX}([A-Za-z0-9_-]{{{_RANDOM_LENGTH}}})([A-Za-z0-9_-]{{{tokens.MAC_LENGTH}}})")
_SEAL = "object key"


def new_object_key() -> str:
    """Return 126 random bits, so that one key tells nothing of another, and their MAC, with 43 characters in all.

    The MAC tells our objects from those of another instance that shares the bucket, which look the same.
    """
    drawn = secrets.token_urlsafe(16)[:_RANDOM_LENGTH]
    return f"{KEY_PREFIX}{drawn}{tokens.seal(_SEAL, drawn)}"


def thumbnail_key(object_key: str) -> str:
    """Return the key of the thumbnail of the file with this object key."""
    return f"{object_key}{_THUMBNAIL_SUFFIX}"


def object_key_of(key: str) -> str:
    """Return the object key of the file that an object or a thumbnail belongs to."""
    return key.removesuffix(_THUMBNAIL_SUFFIX)


def is_of_our_form(key: str) -> bool:
    """True if some instance may have made this key, or one of before keys were sealed."""
    return _FORM.fullmatch(object_key_of(key)) is not None


def is_ours(key: str) -> bool:
    """True if this instance has made this key, which its seal proves."""
    found = _FORM.fullmatch(object_key_of(key))
    return found is not None and tokens.is_sealed(_SEAL, found[1], found[2])
