"""Tokens in addresses: a public id and a MAC of it, so that a dump of the database opens nothing.

The MAC is HMAC-SHA256 (RFC 2104) keyed from SECRET_KEY, cut to 128 bits, in base64url without padding
(22 characters). SECRET_KEY_FALLBACKS are honoured when reading, so that rotating the key kills no link.
"""

import base64
import re
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

# Crockford's base 32: no I, L, O or U, so an id survives being read aloud.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 12
MAC_LENGTH = 22
TOKEN_LENGTH = ID_LENGTH + MAC_LENGTH
TOKEN_PATTERN = rf"[{ALPHABET}]{{{ID_LENGTH}}}[A-Za-z0-9_-]{{{MAC_LENGTH}}}"


def new_public_id() -> str:
    """Return twelve characters, 60 random bits. An id names a thing and opens nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def mint(purpose: str, public_id: str) -> str:
    """Return the token of a public id. A token minted for one purpose is worthless for another."""
    return public_id + _mac(purpose, public_id, settings.SECRET_KEY)


def read(purpose: str, token: str) -> str | None:
    """Return the public id in a token, or None if the token was not minted for this purpose."""
    if not re.fullmatch(TOKEN_PATTERN, token):
        return None
    public_id, mac = token[:ID_LENGTH], token[ID_LENGTH:]
    if any(constant_time_compare(mac, _mac(purpose, public_id, key)) for key in _keys()):
        return public_id
    return None


def seal(purpose: str, text: str) -> str:
    """Return a MAC of `text`, 22 characters, which is_sealed() checks."""
    return _mac(purpose, text, settings.SECRET_KEY)


def is_sealed(purpose: str, text: str, mac: str) -> bool:
    """Return True if `mac` is the seal of `text`, made with SECRET_KEY or one of its fallbacks."""
    return any(constant_time_compare(mac, _mac(purpose, text, key)) for key in _keys())


def without_slug(address: str) -> str:
    """Return the token in an address such as `quarterly-report-<token>`: the last 34 characters after a dash.

    An address that is built otherwise is returned as it is, and is no token then.
    """
    readable, token = address[:-TOKEN_LENGTH], address[-TOKEN_LENGTH:]
    return token if readable.endswith("-") else address


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _mac(purpose: str, public_id: str, key: str) -> str:
    digest = salted_hmac(f"sharing.tokens.{purpose}", public_id, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
