"""Where objects lie in the bucket."""

import secrets

# All that the app may delete lies under it: the bucket may hold other things.
KEY_PREFIX = "files/"


def new_object_key() -> str:
    """256 random bits, so that knowing one key tells nothing of another."""
    return f"{KEY_PREFIX}{secrets.token_urlsafe(32)}"
