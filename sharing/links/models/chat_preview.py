"""The card that chats show of a link posted there: the Open Graph metadata of its page (ogp.me)."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy

from sharing.audit.record import record
from sharing.links.models.base import LinkBase
from sharing.links.rules import Card

if TYPE_CHECKING:
    from sharing.accounts.models import User


class ChatPreviewed(LinkBase):
    """Adds `card_shows`."""

    card_shows = models.CharField(
        max_length=10,
        choices=Card.choices,
        default=Card.SENDER,
        help_text=gettext_lazy(
            "What a chat tells of it: nothing ever where a password or a code is asked for."
        ),
    )

    class Meta:
        abstract = True

    @property
    def card(self) -> Card:
        """Return what the metadata and the page's title show: nothing of a locked link."""
        return Card.NOTHING if self.is_locked else Card(self.card_shows)

    def show_on_card(self, shows: Card, *, by: "User") -> None:
        """Change what chats show the next time they ask. Safe to repeat."""
        if shows == self.card_shows:
            return
        with transaction.atomic():
            before, self.card_shows = self.card_shows, shows
            self.save(update_fields=["card_shows"])
            record("link.card_changed", self, by=by, before=before, shows=shows)
