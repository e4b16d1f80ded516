"""The readable part of an address, before its token. It opens nothing."""

import re
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.addresses.errors import InvalidSlug
from sharing.addresses.protected_address import ProtectedAddress
from sharing.audit.record import record

if TYPE_CHECKING:
    from sharing.accounts.models import User

MAX_SLUG_LENGTH = 60


class Slugged(ProtectedAddress):
    """Adds `slug`."""

    slug = models.CharField(
        gettext_lazy("name in the address"),
        max_length=MAX_SLUG_LENGTH,
        blank=True,
        help_text=gettext_lazy("Readable, and opens nothing: the token after it does."),
    )

    class Meta:
        abstract = True

    def address_by(self, token: str) -> str:
        """Return the address that a token makes: `quarterly-report-<token>`, or the token alone without a slug."""
        return f"{self.slug}-{token}" if self.slug else token

    def set_slug(self, name: str, *, by: "User") -> None:
        """Change the slug, "" for none. Former addresses keep working. Raises InvalidSlug."""
        slug = parse_slug(name)
        if slug == self.slug:
            return
        with transaction.atomic():
            before, self.slug = self.slug, slug
            self.save(update_fields=["slug"])
            record(f"{self.noun}.name_changed", self, by=by, before=before, name=slug)


def parse_slug(typed: str) -> str:
    """Return lower-case letters, digits and dashes of what was typed; "" for nothing. Raises InvalidSlug."""
    slug = re.sub(r"[-_]+", "-", slugify(typed[: 4 * MAX_SLUG_LENGTH]))[:MAX_SLUG_LENGTH].strip("-")
    if typed.strip() and not slug:
        raise InvalidSlug(_("Use letters from a to z or digits."))
    return slug
