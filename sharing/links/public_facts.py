"""Facts of a link that anybody may read who has its address and was not let in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.utils.translation import gettext as _

from sharing.links.access import Access
from sharing.links.contents import Contents
from sharing.links.models import Link, TimeRequest

LOCKED = "locked"


@dataclass(frozen=True, kw_only=True)
class PublicFacts:
    """Plain values, and no link: a page that is drawn from them can tell nothing of what is inside.

    `state` is that of a link that has ended, else `locked`.
    """

    state: str
    label: str
    sender: str
    number: str
    expires_at: datetime | None
    has_password: bool
    asks_for_code: bool
    # Whose own address this is, as its holder may read it; "" for the plain address.
    hint: str
    # Known only of a link that is not locked: how often it gave each file, and whether it is one file.
    download_limit: int | None
    is_single: bool
    # True if its sender was asked for more time today.
    is_asked: bool

    @classmethod
    def of(cls, access: Access, contents: Contents) -> Self:
        """Return the facts of a link. Takes one query if the link has expired."""
        link, state = access.link, access.state_with(contents)
        return cls(
            state=LOCKED if state.is_listed_open else state.value,
            label=_("Locked") if state.is_listed_open else str(state.label),
            sender=link.owner.display_name,
            number=link.number,
            expires_at=link.expires_at,
            has_password=bool(link.password),
            asks_for_code=link.asks_for_code,
            hint=access.recipient.hint if access.recipient else "",
            download_limit=None if link.is_locked else link.download_limit,
            is_single=not link.is_locked and contents.count == 1,
            is_asked=state == Link.State.EXPIRED and TimeRequest.objects.asked_today(link),
        )
