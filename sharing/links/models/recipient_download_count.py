"""The number of times that one recipient downloaded one file. The download limit holds for each address by itself."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from django.db import models
from django.db.models import Exists, Expression, F, OuterRef

from sharing.links.models.download_limit import within_limit
from sharing.links.models.link import Link
from sharing.links.models.recipient import Recipient

if TYPE_CHECKING:
    from collections.abc import Sequence


class ItemToDownload(Protocol):
    """An item that this recipient is about to download: a SeenItem."""

    @property
    def pk(self) -> int: ...

    @property
    def own_count(self) -> int | None: ...


class RecipientDownloadCountManager(models.Manager["RecipientDownloadCount"]):
    def count_downloads(self, items: "Sequence[ItemToDownload]", recipient: Recipient) -> int:
        """Count one more download of each item they may have, and return how many that were.

        Takes one UPDATE, and for first downloads one INSERT. As in `ItemQuerySet.downloadable()` every rule is about
        the row itself or an EXISTS, so that of many who race for the last download one gets it.
        """
        self.begin(items, recipient)
        downloadable = self.downloadable(recipient.pk, recipient.link_id)
        return downloadable.filter(item__in=[item.pk for item in items]).update(
            download_count=F("download_count") + 1
        )

    def begin(self, items: "Sequence[ItemToDownload]", recipient: Recipient) -> None:
        """Create the rows of items that this recipient has never downloaded. Takes no query where there are none."""
        new = [
            RecipientDownloadCount(item_id=item.pk, recipient=recipient)
            for item in items
            if item.own_count is None
        ]
        if new:
            self.bulk_create(new, ignore_conflicts=True)

    def downloadable(
        self, recipient: int | Expression, link: int | Expression, at: datetime | Expression | None = None
    ) -> "models.QuerySet[RecipientDownloadCount]":
        """Rows of a recipient who may download. Does not check that the file has arrived."""
        unspent = within_limit(OuterRef("download_count"))
        is_usable = Exists(Link.objects.usable(at).filter(unspent, pk=link))
        is_trusted = Exists(Recipient.objects.trusted().filter(pk=recipient))
        return self.filter(is_usable, is_trusted, recipient=recipient)


class RecipientDownloadCount(models.Model):
    """Created by the first download. Downloads by the link's plain address are counted on its items instead."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="download_counts")
    item = models.ForeignKey("links.Item", on_delete=models.CASCADE, related_name="download_counts")
    download_count = models.PositiveIntegerField(default=0)

    objects: ClassVar[RecipientDownloadCountManager] = RecipientDownloadCountManager()

    class Meta:
        db_table = "links_allowance"
        constraints = [models.UniqueConstraint(fields=["recipient", "item"], name="allowance_once_an_item")]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.download_count}"
