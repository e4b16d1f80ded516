"""Tokens that open a door: a public id and a MAC of it, so that a dump of the database opens none.

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
    """Twelve characters, 60 random bits: names a thing, opens nothing, and never happens twice."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def mint(purpose: str, public_id: str) -> str:
    """The token of a public id. A token minted for one purpose is worthless for another."""
    return public_id + _mac(purpose, public_id, settings.SECRET_KEY)


def read(purpose: str, token: str) -> str | None:
    """The public id in a token, or None when nobody minted it for this purpose."""
    if not re.fullmatch(TOKEN_PATTERN, token):
        return None
    public_id, mac = token[:ID_LENGTH], token[ID_LENGTH:]
    if any(constant_time_compare(mac, _mac(purpose, public_id, key)) for key in _keys()):
        return public_id
    return None


def seal(purpose: str, text: str) -> str:
    """A MAC of `text`, 22 characters, by which is_sealed() knows again what this instance has made."""
    return _mac(purpose, text, settings.SECRET_KEY)


def is_sealed(purpose: str, text: str, mac: str) -> bool:
    """True if `mac` is the seal of `text`: made here, with this secret key or an earlier one."""
    return any(constant_time_compare(mac, _mac(purpose, text, key)) for key in _keys())


def without_slug(address: str) -> str:
    """The token in an address such as `quarterly-report-<token>`: its length is fixed, so it is the end that counts.

    Whatever is no readable part and a dash stays, and is no token then.
    """
    readable, token = address[:-TOKEN_LENGTH], address[-TOKEN_LENGTH:]
    return token if readable.endswith("-") else address


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _mac(purpose: str, public_id: str, key: str) -> str:
    digest = salted_hmac(f"sharing.tokens.{purpose}", public_id, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
