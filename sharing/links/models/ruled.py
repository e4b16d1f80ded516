"""What a link is held to, and how its owner changes that later."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone

from sharing.addresses.expiry import EXTENSION, check_expiry
from sharing.addresses.passwords import PasswordProtected
from sharing.addresses.slugs import Slugged
from sharing.audit.record import record
from sharing.expiring import Expiring
from sharing.links.rules import Card, check_limit

if TYPE_CHECKING:
    from sharing.accounts.models import User


class Ruled(Expiring, Slugged, PasswordProtected):
    noun = "link"

    download_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="How often it gives each of its files. Empty: as often as they like."
    )
    asks_for_code = models.BooleanField(
        "code by mail",
        default=False,
        help_text="It opens for its recipients alone, each with a code mailed to them.",
    )
    previews_allowed = models.BooleanField(
        default=True,
        help_text="Files can be looked at before they are downloaded, where no limit counts them.",
    )
    card_shows = models.CharField(
        max_length=10,
        choices=Card.choices,
        default=Card.SENDER,
        help_text="What a chat tells of it: nothing ever where a password or a code is asked for.",
    )

    class Meta:
        abstract = True

    def expire_at(self, moment: datetime | None, *, by: "User") -> None:
        """Move the expiry, which also revives a link that has expired. Raises InvalidExpiry."""
        check_expiry(moment)
        with transaction.atomic():
            self.expires_at = moment
            self.save(update_fields=["expires_at"])
            record("link.expiry_changed", self, by=by, expires_at=moment.isoformat() if moment else None)

    def extend(self, *, by: "User") -> None:
        """Revive a link that has expired, for a week from now. Safe to repeat."""
        if self.is_expired:
            self.expire_at(timezone.now() + EXTENSION, by=by)

    def limit_downloads(self, limit: int | None, *, by: "User") -> None:
        """Change how often each file is given, which counts what was given before. Raises InvalidLimit."""
        check_limit(limit)
        if limit == self.download_limit:
            return
        with transaction.atomic():
            before, self.download_limit = self.download_limit, limit
            self.save(update_fields=["download_limit"])
            record("link.limit_changed", self, by=by, before=before, limit=limit)

    def ask_for_code(self, asks: bool, *, by: "User") -> None:
        """Open for its recipients alone, each by a code mailed to them; or no longer so. Safe to repeat."""
        if asks == self.asks_for_code:
            return
        with transaction.atomic():
            self.asks_for_code = asks
            self.save(update_fields=["asks_for_code"])
            record("link.code_asked" if asks else "link.code_not_asked", self, by=by)

    @property
    def gives_previews(self) -> bool:
        """A preview hands out the bytes, so there is none where downloads are counted."""
        return self.previews_allowed and self.download_limit is None

    def allow_previews(self, allowed: bool, *, by: "User") -> None:
        """Let files be looked at before they are downloaded, or not any longer. Safe to repeat."""
        if allowed == self.previews_allowed:
            return
        with transaction.atomic():
            self.previews_allowed = allowed
            self.save(update_fields=["previews_allowed"])
            record("link.previews_allowed" if allowed else "link.previews_stopped", self, by=by)

    @property
    def is_locked(self) -> bool:
        """Whether more than the address is needed: a password, a code, or both."""
        return bool(self.password) or self.asks_for_code

    @property
    def card(self) -> Card:
        """What its card and the title of its page tell."""
        return Card.NOTHING if self.is_locked else Card(self.card_shows)

    def show_on_card(self, shows: Card, *, by: "User") -> None:
        """Change what a chat tells of it, from when it asks the next time. Safe to repeat."""
        if shows == self.card_shows:
            return
        with transaction.atomic():
            before, self.card_shows = self.card_shows, shows
            self.save(update_fields=["card_shows"])
            record("link.card_changed", self, by=by, before=before, shows=shows)
