"""Direct URLs: presigned URLs given to people. Whoever has one can fetch the file, and nothing is counted."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.addresses.expiry import Expiring, unexpired


class DirectURLQuerySet(models.QuerySet["DirectURL"]):
    def usable(self) -> Self:
        """Return those that are neither revoked nor expired."""
        return self.filter(unexpired(), revoked_at=None)


class DirectURL(Expiring):
    """Records that a direct URL was issued. The URL is a credential: it is shown once and not stored."""

    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="direct_urls")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=gettext_lazy("Empty: on the command line."),
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DirectURLQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("direct URL")
        verbose_name_plural = gettext_lazy("direct URLs")
        ordering = ["expires_at", "pk"]

    def __str__(self) -> str:
        return _("%(file)s until %(date)s") % {"file": self.file, "date": f"{self.expires_at:%Y-%m-%d %H:%M}"}
