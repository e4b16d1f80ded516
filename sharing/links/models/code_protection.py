"""Locking a link by a code that is mailed to its recipients. The codes themselves are in one_time_code.py."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy

from sharing.audit.record import record
from sharing.links.models.base import LinkBase

if TYPE_CHECKING:
    from sharing.accounts.models import User


class CodeProtected(LinkBase):
    """Adds `asks_for_code`."""

    asks_for_code = models.BooleanField(
        gettext_lazy("code by mail"),
        default=False,
        help_text=gettext_lazy("It opens for its recipients alone, each with a code mailed to them."),
    )

    class Meta:
        abstract = True

    def ask_for_code(self, asks: bool, *, by: "User") -> None:
        """Require an emailed code from now on, which also stops issued downloads; or require none. Safe to repeat."""
        if asks == self.asks_for_code:
            return
        with transaction.atomic():
            self.asks_for_code = asks
            self.save(update_fields=["asks_for_code"])
            record("link.code_asked" if asks else "link.code_not_asked", self, by=by)
            if asks:
                self.stop_issued_downloads()
