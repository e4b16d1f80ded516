"""Access to a link by one of its addresses: the plain one, or one that is a recipient's own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sharing import tokens
from sharing.links.models import Link, Recipient
from sharing.links.statements import find_link, find_recipient

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from sharing.links.contents import Contents


@dataclass(frozen=True)
class Access:
    """A link, and the recipient whose own address leads to it, None for the plain address."""

    link: Link
    recipient: Recipient | None = None

    @classmethod
    def by_token(cls, token: str) -> Self:
        """Return the access that a token gives. Takes one query. Raises Link.DoesNotExist."""
        public_id, recipient = link_id_of(token)
        return cls(recipient.link, recipient) if recipient else cls(find_link(public_id))

    @property
    def recipient_id(self) -> str:
        """The public id of the recipient, "" for the plain address. Part of what is signed for this address alone."""
        return self.recipient.public_id if self.recipient else ""

    def state_with(self, contents: "Contents") -> Link.State:
        """Return the state of the link for whoever has this address. Takes no query."""
        if self.recipient and self.recipient.revoked_at:
            return Link.State.REVOKED
        return self.link.state_with(contents)

    def is_usable(self) -> bool:
        """True if neither link nor address is revoked, nor expired, by the database. Takes one query."""
        return self._is_among(Link.objects.usable())

    def lets_finish(self) -> bool:
        """True if what was begun by this address may go on. Takes one query.

        An expiry lets it; a revocation and a suspension do not.
        """
        return self._is_among(Link.objects.letting_finish())

    def _is_among(self, links: "QuerySet[Link]") -> bool:
        links = links.filter(pk=self.link.pk)
        if self.recipient:
            links = links.filter(recipients=self.recipient, recipients__revoked_at=None)
        return links.exists()


def link_id_of(token: str) -> tuple[str, Recipient | None]:
    """Return the public id of a token's link, and whose own the token is. A plain one takes no query.

    Raises Link.DoesNotExist.
    """
    public_id = tokens.read("link", token)
    if public_id is not None:
        return public_id, None
    public_id = tokens.read("recipient", token)
    if public_id is None:
        raise Link.DoesNotExist
    try:
        recipient = find_recipient(public_id)
    except Recipient.DoesNotExist as error:
        raise Link.DoesNotExist from error
    return recipient.link.public_id, recipient
