"""One line of a waybill: a file that a link grants, and how often it gave it."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from sharing.files.models import File
from sharing.links.errors import LinkClosed
from sharing.links.models.download import Download
from sharing.links.models.link import Link
from sharing.links.models.recipient import Recipient
from sharing.links.models.recipient_download_count import RecipientDownloadCount
from sharing.links.visitor import Visitor

# Who has fetched a file may fetch it again so long, and spends nothing: a download may break off.
GRACE = timedelta(hours=1)
# As often, since a cookie can be given to others.
MAX_REPEATS = 5


class ItemQuerySet(models.QuerySet["Item"]):
    def present(self) -> "ItemQuerySet":
        """With their files, which may be arriving; in the order of a folder's listing."""
        return (
            self.filter(file__deleted_at=None)
            .select_related("file")
            .order_by("file__path", "file__name", "pk")
        )

    def seen_by(self, visitor: Visitor, recipient: Recipient | None = None) -> "ItemQuerySet":
        """Each with whether this visitor, at this recipient's address, may fetch it again without spending."""
        recent = Download.objects.filter(
            link=OuterRef("link_id"),
            file=OuterRef("file_id"),
            recipient=recipient,
            visitor=visitor.id,
            at__gt=timezone.now() - GRACE,
        )
        first = recent.filter(is_repeat=False)
        last_repeat = recent.filter(is_repeat=True).order_by("pk")[MAX_REPEATS - 1 : MAX_REPEATS]
        own = RecipientDownloadCount.objects.filter(item=OuterRef("pk"), recipient=recipient)
        return self.annotate(  # type: ignore[no-redef]
            is_collected=Exists(first) & ~Exists(last_repeat),
            own_count=Subquery(own.values("download_count")),
        )

    def downloadable(self) -> "ItemQuerySet":
        """Items of a usable link with downloads left. Does not check that the file has arrived.

        Every rule is about the item's own row or an EXISTS: a join would make Django's UPDATE look the rows up
        in a subquery, whose answer PostgreSQL does not ask for again when it has waited for a racing UPDATE.
        """
        unspent = Q(download_limit=None) | Q(download_limit__gt=OuterRef("download_count"))
        return self.filter(Exists(Link.objects.usable().filter(unspent, pk=OuterRef("link_id"))))


class ItemManager(models.Manager["Item"]):
    def get_queryset(self) -> ItemQuerySet:
        return ItemQuerySet(self.model, using=self._db)

    def present(self) -> ItemQuerySet:
        return self.get_queryset().present()

    def downloadable(self) -> ItemQuerySet:
        return self.get_queryset().downloadable()

    def by_token(self, token: str, file_id: UUID, visitor: Visitor) -> "Item":
        """A token's line for this file. Takes one query, for a recipient's token two. Raises Item.DoesNotExist."""
        try:
            key, recipient = Link.objects.key_in(token)
        except Link.DoesNotExist as error:
            raise self.model.DoesNotExist from error
        found = self.get_queryset().seen_by(visitor, recipient).select_related("link__owner", "file")
        item = found.get(file_id=file_id, **{f"link__{field}": value for field, value in key.items()})
        item.link.recipient = recipient
        return item


class Item(models.Model):
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="items")
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="items")
    added_at = models.DateTimeField(default=timezone.now)
    download_count = models.PositiveIntegerField(default=0, editable=False)

    # Set by seen_by(): whether this visitor has fetched it within the grace period, and how often this recipient
    # has, which is None for the link's plain address and before the first time.
    is_collected: bool = False
    own_count: int | None = None

    objects: ClassVar[ItemManager] = ItemManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "file"], name="item_once_a_link")]

    def __str__(self) -> str:
        return str(self.file)

    @property
    def downloads_left(self) -> int | None:
        """How many more it gives, or None where there is no limit."""
        limit = self.link.download_limit
        spent = (self.own_count or 0) if self.link.recipient else self.download_count
        return None if limit is None else max(0, limit - spent)

    @property
    def is_available(self) -> bool:
        """True if this visitor may download the file. Does not check the link; see Link.is_usable()."""
        return self.file.is_ready and (self.is_collected or self.downloads_left != 0)

    @property
    def has_preview(self) -> bool:
        """True if the file can be previewed. Does not check the link; see Link.is_usable()."""
        return self.link.gives_previews and self.file.is_ready and bool(self.file.preview_type)

    @property
    def has_thumbnail(self) -> bool:
        """Whether a small picture of it can be shown, which gives some of it away as a preview does."""
        return self.link.gives_previews and self.file.is_ready and self.file.has_thumbnail

    @property
    def is_promising(self) -> bool:
        """Whether a download of it may be given, as far as what was read of it tells. Spending it asks again."""
        link, recipient = self.link, self.link.recipient
        is_revoked = link.revoked_at or (recipient and recipient.revoked_at)
        return self.is_available and link.owner.is_active and not is_revoked and not link.is_expired

    def spend(self, visitor: Visitor) -> str:
        """Spend one download and return the bucket's URL for it. Takes a HEAD, one UPDATE and one INSERT.

        The bucket is asked first: nothing is spent for what it would not give.

        A recipient's first download of a file takes one INSERT more. The UPDATE carries every rule, so that of a
        hundred racing requests for the last download one gets it. Who collected it within the grace period spends
        nothing more. Raises LinkClosed, StorageError.
        """
        if not self.is_promising:
            raise LinkClosed
        self.file.require_object(surely=self.link.download_limit is not None)
        with transaction.atomic():
            is_repeat = self.is_collected and self.link.is_usable()
            if not is_repeat and not self.count():
                raise LinkClosed
            Download.objects.create(
                link_id=self.link_id,
                file=self.file,
                recipient=self.link.recipient,
                visitor=visitor.id,
                network=visitor.network or None,
                user_agent=visitor.user_agent,
                is_repeat=is_repeat,
            )
        return self.file.presigned_url()

    def count(self) -> bool:
        """One more download, where every rule allows it; whether it did. Takes one UPDATE."""
        if self.link.recipient:
            return RecipientDownloadCount.objects.spend(self, self.link.recipient)
        downloadable = Item.objects.downloadable().filter(pk=self.pk)
        return bool(downloadable.update(download_count=F("download_count") + 1))
