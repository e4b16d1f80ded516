"""The rules of a link: expiry, download limit, password, previews, and its card in a chat."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sharing.addresses.expiry import check_expiry, default_preset, expiry_of
from sharing.addresses.passwords import parse_password
from sharing.links.errors import InvalidLimit
from sharing.wording import grouped

if TYPE_CHECKING:
    from sharing.accounts.models import User

MAX_FILES = 5000
MAX_DOWNLOADS = 1_000_000


class Card(TextChoices):
    """The contents of a chat's card for a link. The chat's server fetches the page as a stranger (ogp.me)."""

    NOTHING = "nothing", _("Nothing")
    SENDER = "sender", _("Sender and size")
    TITLE = "title", _("Sender, size and title")


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

    @classmethod
    def default_for(cls, owner: "User", **chosen: Any) -> Self:
        """Return the rules of a new link of this user: those that were chosen, and else their own defaults."""
        expires_at = expiry_of(default_preset(owner.default_expiry))
        defaults = {"expires_at": expires_at, "previews_allowed": owner.previews_by_default}
        return cls(**(defaults | chosen))

    def __post_init__(self) -> None:
        check_expiry(self.expires_at)
        check_limit(self.download_limit)
        if self.password:
            parse_password(self.password)


def check_limit(limit: int | None) -> None:
    """Raise InvalidLimit unless the limit is None, or from 1 to 1,000,000."""
    if limit is not None and not 1 <= limit <= MAX_DOWNLOADS:
        raise InvalidLimit(
            gettext("Enter a number of downloads from 1 to %(limit)s.") % {"limit": grouped(MAX_DOWNLOADS)}
        )
