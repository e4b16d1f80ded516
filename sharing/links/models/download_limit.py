"""The download limit. It is enforced where downloads are counted: in statements.py, for archives in collecting.py."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from sharing.audit.record import record
from sharing.links.models.base import LinkBase
from sharing.links.rules import check_limit

if TYPE_CHECKING:
    from sharing.accounts.models import User


class DownloadLimited(LinkBase):
    """Adds `download_limit`, which counts each file by itself, at each recipient's address by itself."""

    download_limit = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=gettext_lazy("How often it gives each of its files. Empty: as often as they like."),
    )

    class Meta:
        abstract = True

    def limit_downloads(self, limit: int | None, *, by: "User") -> None:
        """Change the download limit, None for none. Former downloads count. Raises InvalidLimit."""
        check_limit(limit)
        if limit == self.download_limit:
            return
        with transaction.atomic():
            before, self.download_limit = self.download_limit, limit
            self.save(update_fields=["download_limit"])
            record("link.limit_changed", self, by=by, before=before, limit=limit)


def within_limit(download_count: F) -> Q:
    """Return the condition for links whose limit allows one more download after so many. OuterRef is an F, too."""
    return Q(download_limit=None) | Q(download_limit__gt=download_count)
