"""One file that a link grants, and how often it was downloaded by the link's plain address."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, TypedDict, cast

from django.db import models
from django.db.models import Exists, Expression, F, OuterRef, Subquery
from django.utils import timezone

from sharing.files.models import File
from sharing.links.models.download import Download
from sharing.links.models.download_limit import within_limit
from sharing.links.models.link import Link
from sharing.links.models.recipient import Recipient
from sharing.links.models.recipient_download_count import RecipientDownloadCount
from sharing.links.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import WithAnnotations

# A visitor who has downloaded a file may do so again so long, without spending: a download may break off.
GRACE = timedelta(hours=1)
# And so often, since a cookie can be given to others.
MAX_REPEATS = 5


class Seen(TypedDict):
    """Annotations that ItemQuerySet.seen_by() adds to an item."""

    # True if this visitor downloaded it within the grace period, and may do so again.
    is_collected: bool
    # How often this recipient downloaded it, None before the first time and for the plain address.
    own_count: int | None


if TYPE_CHECKING:
    SeenItem = WithAnnotations["Item", Seen]


class ItemQuerySet(models.QuerySet["Item"]):
    def present(self) -> "ItemQuerySet":
        """Items whose files are not deleted, with these files, in the order of a folder's listing.

        Without what only the lists of files sort and filter by: a link may have thousands.
        """
        return (
            self.filter(file__deleted_at=None)
            .select_related("file")
            .defer("file__name_key", "file__kind")
            .order_by("file__path", "file__name", "pk")
        )

    def seen_by(
        self, visitor: Visitor, recipient: Recipient | None = None
    ) -> "models.QuerySet[SeenItem, SeenItem]":
        """Items with what they are to this visitor at this recipient's address, or at the plain one."""
        return self.seen_as(visitor.id, recipient, since=timezone.now() - GRACE)

    def seen_as(
        self,
        visitor_id: str | Expression,
        recipient: Recipient | Expression | None,
        since: datetime | Expression,
    ) -> "models.QuerySet[SeenItem, SeenItem]":
        """Items with what they are to the visitor of this id, with the beginning of the grace period."""
        recent = Download.objects.filter(
            link=OuterRef("link_id"),
            file=OuterRef("file_id"),
            recipient=recipient,
            visitor=visitor_id,
            at__gt=since,
        )
        first = recent.filter(is_repeat=False)
        last_repeat = recent.filter(is_repeat=True).order_by("pk")[MAX_REPEATS - 1 : MAX_REPEATS]
        own = RecipientDownloadCount.objects.filter(item=OuterRef("pk"), recipient=recipient)
        seen = self.annotate(
            is_collected=Exists(first) & ~Exists(last_repeat),
            own_count=Subquery(own.values("download_count")),
        )
        return cast("models.QuerySet[SeenItem, SeenItem]", seen)

    def downloadable(self, at: datetime | Expression | None = None) -> "ItemQuerySet":
        """Items of a usable link within its download limit. Does not check that the file has arrived.

        Every rule is about the item's own row or an EXISTS: a join would make Django's UPDATE look the rows up
        in a subquery, whose answer PostgreSQL does not ask for again when it has waited for a racing UPDATE.
        """
        unspent = within_limit(OuterRef("download_count"))
        return self.filter(Exists(Link.objects.usable(at).filter(unspent, pk=OuterRef("link_id"))))


class ItemManager(models.Manager["Item"]):
    def get_queryset(self) -> ItemQuerySet:
        return ItemQuerySet(self.model, using=self._db)

    def present(self) -> ItemQuerySet:
        return self.get_queryset().present()

    def downloadable(self, at: datetime | Expression | None = None) -> ItemQuerySet:
        return self.get_queryset().downloadable(at)

    def seen_by(self, visitor: Visitor, recipient: Recipient | None) -> "models.QuerySet[SeenItem, SeenItem]":
        return self.get_queryset().seen_by(visitor, recipient)

    def count_downloads(self, items: "Sequence[SeenItem]", recipient: Recipient | None) -> int:
        """Count one download of each item that every rule allows, and return how many that were.

        Takes one UPDATE; for a recipient's first download of an item one INSERT more.
        """
        if recipient:
            return RecipientDownloadCount.objects.count_downloads(items, recipient)
        downloadable = self.downloadable().filter(pk__in=[item.pk for item in items])
        return downloadable.update(download_count=F("download_count") + 1)


class Item(models.Model):
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="items")
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="items")
    added_at = models.DateTimeField(default=timezone.now)
    download_count = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[ItemManager] = ItemManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "file"], name="item_once_a_link")]

    def __str__(self) -> str:
        return str(self.file)
