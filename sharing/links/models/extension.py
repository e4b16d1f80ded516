"""Moving the expiry of a link. The rule that says whether it has expired is in sharing/addresses/expiry.py."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from sharing.addresses.expiry import EXTENSION, check_expiry
from sharing.audit.record import record
from sharing.links.models.base import LinkBase

if TYPE_CHECKING:
    from sharing.accounts.models import User

REPEATED_WITHIN = timedelta(minutes=1)


class Extendable(LinkBase):
    class Meta:
        abstract = True

    def expire_at(self, moment: datetime | None, *, by: "User") -> None:
        """Change the expiry, None for never. A later one makes an expired link work again. Raises InvalidExpiry."""
        check_expiry(moment)
        with transaction.atomic():
            self.expires_at = moment
            type(self).objects.filter(pk=self.pk).update(expires_at=moment)
            record("link.expiry_changed", self, by=by, expires_at=moment.isoformat() if moment else None)

    def extend(self, *, by: "User") -> None:
        """Make the link work for another week from now, unless it lasts longer anyway. Safe to repeat."""
        moment = timezone.now() + EXTENSION
        # A second press comes some seconds later.
        if self.expires_at and self.expires_at < moment - REPEATED_WITHIN:
            self.expire_at(moment, by=by)
