"""What a sender decides about a link: until when, how often, with which password, and what it shows before."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices
from django.utils.text import slugify

from sharing.links.errors import InvalidLimit, InvalidPassword, InvalidSlug
from sharing.links.expiry import check_expiry

MAX_FILES = 5000
MAX_DOWNLOADS = 1_000_000
MIN_PASSWORD_LENGTH = 4
MAX_PASSWORD_LENGTH = 200
MAX_SLUG_LENGTH = 60


class Card(TextChoices):
    """What a chat tells of a link that is posted there, whose server fetches the page as a stranger (ogp.me)."""

    NOTHING = "nothing", "Nothing"
    SENDER = "sender", "Who sends how much"
    TITLE = "title", "The title, too"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """`download_limit` counts each file for itself; None is any number. `password` is in clear, "" for none.

    Making one raises InvalidExpiry, InvalidLimit or InvalidPassword.
    """

    expires_at: datetime | None
    download_limit: int | None = None
    password: str = field(default="", repr=False)
    previews_allowed: bool = True
    card_shows: Card = Card.SENDER

    def __post_init__(self) -> None:
        check_expiry(self.expires_at)
        check_limit(self.download_limit)
        if self.password:
            parse_password(self.password)


def check_limit(limit: int | None) -> None:
    """Raises InvalidLimit for what is not from 1 to 1,000,000, nor None."""
    if limit is not None and not 1 <= limit <= MAX_DOWNLOADS:
        raise InvalidLimit(f"Choose a number of downloads from 1 to {MAX_DOWNLOADS:,}.")


def is_too_long(typed: str) -> bool:
    """True for what is no password here. Ask it before `normalized`, which takes minutes for 200,000 accents."""
    return len(typed) > 4 * MAX_PASSWORD_LENGTH


def normalized(password: str) -> str:
    """The same password however it was typed: composed (NFC, as RFC 8265 section 4.2 has it), without outer blanks."""
    return unicodedata.normalize("NFC", password).strip()


def parse_password(typed: str) -> str:
    """Normalized. Raises InvalidPassword."""
    too_long = InvalidPassword(f"A password has at most {MAX_PASSWORD_LENGTH} characters.")
    if is_too_long(typed):
        raise too_long
    password = normalized(typed)
    if len(password) < MIN_PASSWORD_LENGTH:
        raise InvalidPassword(f"A password has at least {MIN_PASSWORD_LENGTH} characters.")
    if len(password) > MAX_PASSWORD_LENGTH:
        raise too_long
    return password


def parse_slug(typed: str) -> str:
    """The readable part of an address: lower-case letters, digits and dashes; "" for nothing. Raises InvalidSlug."""
    slug = re.sub(r"[-_]+", "-", slugify(typed[: 4 * MAX_SLUG_LENGTH]))[:MAX_SLUG_LENGTH].strip("-")
    if typed.strip() and not slug:
        raise InvalidSlug("An address holds letters from a to z and digits: choose a name that has some.")
    return slug
