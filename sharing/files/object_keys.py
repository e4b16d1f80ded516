"""Where objects lie in the bucket."""

import secrets

# All that the app may delete lies under it: the bucket may hold other things.
KEY_PREFIX = "files/"
# Not a folder of its own: a file system, as SeaweedFS has one, cannot hold both `a` and `a/b`.
_THUMBNAIL_SUFFIX = ".thumbnail"


def new_object_key() -> str:
    """256 random bits, so that knowing one key tells nothing of another."""
    return f"{KEY_PREFIX}{secrets.token_urlsafe(32)}"


def thumbnail_key(object_key: str) -> str:
    """Where the thumbnail lies of the file whose object lies under `object_key`."""
    return f"{object_key}{_THUMBNAIL_SUFFIX}"


def object_key_of(key: str) -> str:
    """The key of the file to which an object belongs, which is its own or its thumbnail's."""
    return key.removesuffix(_THUMBNAIL_SUFFIX)
