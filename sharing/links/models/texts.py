"""The title and the message that visitors read on a link's page."""

from typing import TYPE_CHECKING

from django.db import models, transaction

from sharing.audit.record import record
from sharing.links.models.base import LinkBase

if TYPE_CHECKING:
    from sharing.accounts.models import User


class Titled(LinkBase):
    """Adds `title` and `message`. Both may be empty."""

    title = models.CharField(max_length=200, blank=True)
    message = models.TextField(max_length=2000, blank=True)

    class Meta:
        abstract = True

    def reword(self, *, title: str | None = None, message: str | None = None, by: "User") -> None:
        """Change title and message; None leaves one as it is. Safe to repeat."""
        title = self.title if title is None else title
        message = self.message if message is None else message
        if (title, message) == (self.title, self.message):
            return
        with transaction.atomic():
            before, self.title, self.message = self.title, title, message
            self.save(update_fields=["title", "message"])
            record("link.words_changed", self, by=by, before=before, title=title)
