"""Previews of a link's files before they are downloaded: allowed or not."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy

from sharing.audit.record import record
from sharing.links.models.base import LinkBase

if TYPE_CHECKING:
    from sharing.accounts.models import User


class Previewable(LinkBase):
    """Adds `previews_allowed`."""

    previews_allowed = models.BooleanField(
        default=True,
        help_text=gettext_lazy(
            "Files can be looked at before they are downloaded, where no limit counts them."
        ),
    )

    class Meta:
        abstract = True

    @property
    def gives_previews(self) -> bool:
        """True if previews are allowed and no limit counts downloads: a preview hands out the bytes."""
        return self.previews_allowed and self.download_limit is None

    def allow_previews(self, allowed: bool, *, by: "User") -> None:
        """Allow previews, or no longer. Safe to repeat."""
        if allowed == self.previews_allowed:
            return
        with transaction.atomic():
            self.previews_allowed = allowed
            self.save(update_fields=["previews_allowed"])
            record("link.previews_allowed" if allowed else "link.previews_stopped", self, by=by)
