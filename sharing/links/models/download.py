"""Records of downloads: who downloaded which file, and when. Each is its own audit event."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.storage.presigning import LONGEST_SECONDS

# A collection may take so long: a large set on a slow line outlasts the grace period.
COLLECTION_LIFE = timedelta(days=1)
# A URL that was signed for a download may work so long after it: a collection asks for URLs as it comes to them.
WORKS_FOR = COLLECTION_LIFE + timedelta(seconds=LONGEST_SECONDS)

# Networks and browsers of so many downloads are forgotten in one statement.
FORGOTTEN_AT_ONCE = 1000
# Downloads whose network or browser is not forgotten yet.
KNOWN = ~models.Q(network=None, user_agent="", visitor="")


class _Never(models.Expression):
    """False, as it stands in the condition of an index: with a parameter SQLite would look at each row besides."""

    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "0", ()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "FALSE", ()


class DownloadManager(models.Manager["Download"]):
    def counted(self) -> "models.QuerySet[Download]":
        """Downloads that count as such: all but repeats."""
        return self.filter(is_repeat=_Never())

    def lately(self) -> "models.QuerySet[Download]":
        """Downloads whose URLs may still work."""
        return self.filter(at__gt=timezone.now() - WORKS_FOR)

    def forget_addresses(self) -> int:
        """Clear network and browser of downloads older than ADDRESSES_KEPT_DAYS, and return their number.

        That the file was downloaded, and when, stays. Safe to repeat.
        """
        kept_since = timezone.now() - timedelta(days=settings.ADDRESSES_KEPT_DAYS)
        # By the keys of the oldest: PostgreSQL takes most of the old ones for known, and would read all of them.
        oldest = self.filter(KNOWN, at__lt=kept_since).order_by("at").values_list("pk", flat=True)
        forgotten = 0
        while keys := list(oldest[:FORGOTTEN_AT_ONCE]):
            forgotten += self.filter(pk__in=keys).update(network=None, user_agent="", visitor="")
        return forgotten


class Download(models.Model):
    """One download, written in the transaction that spends it. Later only network and browser are cleared."""

    link = models.ForeignKey("links.Link", on_delete=models.PROTECT, related_name="downloads")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="downloads")
    recipient = models.ForeignKey(
        "links.Recipient",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="downloads",
        help_text=gettext_lazy("Empty: by the link's plain address."),
    )
    at = models.DateTimeField(default=timezone.now)
    network = models.GenericIPAddressField(
        null=True, blank=True, help_text=gettext_lazy("The address, shortened.")
    )
    user_agent = models.CharField(max_length=300, blank=True)
    visitor = models.CharField(max_length=22, blank=True, editable=False)
    is_repeat = models.BooleanField(
        gettext_lazy("repeat"),
        default=False,
        help_text=gettext_lazy("The same visitor once more, which spent nothing."),
    )

    objects: ClassVar[DownloadManager] = DownloadManager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at"], name="download_newest"),
            models.Index(fields=["link", "-at"], name="download_by_link_newest"),
            models.Index(fields=["link"], condition=models.Q(is_repeat=False), name="download_counted"),
            # For the question, of each of a link's files, if the visitor has it already.
            models.Index(fields=["link", "visitor", "file", "-at"], name="download_by_visitor"),
            models.Index(fields=["at"], condition=KNOWN, name="download_to_forget"),
        ]

    def __str__(self) -> str:
        return _("%(file)s at %(date)s") % {"file": self.file, "date": f"{self.at:%Y-%m-%d %H:%M}"}
