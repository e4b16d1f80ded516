"""The files of a link as they are offered to one visitor, and the download of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from sharing.files.models import File
from sharing.http.best_effort import best_effort, best_effort_value
from sharing.links.access import Access, link_id_of
from sharing.links.contents import Contents, PathTotal
from sharing.links.errors import LinkClosed
from sharing.links.models import Download, Item, Link
from sharing.links.statements import find_item, record_download, spend_download

if TYPE_CHECKING:
    from datetime import datetime

    from sharing.links.models.item import SeenItem
    from sharing.links.visitor import Visitor


# For a page that waits, the totals of a link are counted this often, however many visitors watch it.
FRESH_SECONDS = 3


# Pictures that every browser shows, and in bytes how large one may be that is loaded without being asked for.
PICTURES_SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp"}
MAX_PICTURE_SHOWN = 10_000_000


@dataclass(frozen=True)
class Offer:
    """One item of a link, as a visitor finds it who has this access."""

    item: "SeenItem"
    access: Access

    @property
    def file(self) -> File:
        return self.item.file

    @property
    def downloads_left(self) -> int | None:
        """The number of downloads left at this address, None where there is no limit."""
        limit = self.access.link.download_limit
        if limit is None:
            return None
        spent = (self.item.own_count or 0) if self.access.recipient else self.item.download_count
        return max(0, limit - spent)

    @property
    def is_available(self) -> bool:
        """True if this visitor may download the file. Does not check the link; see Access.is_usable()."""
        return self.file.is_ready and (self.item.is_collected or self.downloads_left != 0)

    @property
    def has_preview(self) -> bool:
        """True if the file can be previewed. Does not check the link; see Access.is_usable()."""
        return self.access.link.gives_previews and self.file.is_ready and bool(self.file.preview_type)

    @property
    def shown_as(self) -> str:
        """Return how a page shows the file itself: `picture`, `video`, `audio` or `pdf`; "" if it does not."""
        if not self.has_preview:
            return ""
        kind = self.file.preview_type
        if kind.startswith("image/"):
            is_light = self.file.size <= MAX_PICTURE_SHOWN
            return "picture" if kind in PICTURES_SHOWN and is_light else ""
        return {"video": "video", "audio": "audio", "application": "pdf"}.get(kind.partition("/")[0], "")

    @property
    def has_thumbnail(self) -> bool:
        """True if the thumbnail can be shown, which gives some of the file away as a preview does."""
        return self.access.link.gives_previews and self.file.is_ready and self.file.has_thumbnail

    def download(self, visitor: "Visitor") -> str:
        """Spend one download and return the presigned URL. Takes a HEAD, one UPDATE and one INSERT.

        The bucket is asked first: nothing is spent for what it would not give. A recipient's first download of a file
        takes one INSERT more. The UPDATE carries every rule, so that of a hundred racing requests for the last
        download one gets it. A repeat within the grace period spends nothing. Raises LinkClosed, StorageError.
        """
        if not self._may_be_downloaded:
            raise LinkClosed
        self.file.require_object(surely=self.access.link.download_limit is not None)
        if not (self._repeat(visitor) or self._spend(visitor)):
            raise LinkClosed
        return self.file.presigned_url()

    def _repeat(self, visitor: "Visitor") -> bool:
        """Record a download that spends nothing, if this visitor may have one. Return whether it did."""
        if not self.item.is_collected:
            return False
        with transaction.atomic():
            if not self.access.is_usable():
                return False
            record_download(self.download_by(visitor, at=timezone.now(), is_repeat=True))
        return True

    def _spend(self, visitor: "Visitor") -> bool:
        """Count a download and record it, if every rule allows it. Return whether it did."""
        download = self.download_by(visitor, at=timezone.now(), is_repeat=False)
        return spend_download(self.item, self.access.recipient, download)

    def download_by(self, visitor: "Visitor", *, at: "datetime", is_repeat: bool) -> Download:
        """Return the record of one download, which is not saved yet."""
        recipient = self.access.recipient
        return Download(
            link_id=self.access.link.pk,
            file_id=self.file.pk,
            recipient_id=recipient.pk if recipient else None,
            at=at,
            visitor=visitor.id,
            network=visitor.network or None,
            user_agent=visitor.user_agent,
            is_repeat=is_repeat,
        )

    @property
    def _may_be_downloaded(self) -> bool:
        """True as far as what is loaded tells, before the bucket is asked. The UPDATE asks the database again."""
        link, recipient = self.access.link, self.access.recipient
        is_revoked = link.revoked_at or (recipient and recipient.revoked_at)
        return self.is_available and link.owner.is_active and not is_revoked and not link.is_expired


@dataclass(frozen=True)
class Totals:
    """Counts and sizes of a link's files for one visitor. Sizes are in bytes."""

    contents: Contents
    ready_size: int
    available_size: int
    # By path, in the order of a folder's listing.
    paths: tuple[PathTotal, ...] = ()

    @classmethod
    def of(cls, offers: Sequence[Offer]) -> Self:
        return cls(
            Contents.of(offers),
            ready_size=sum(offer.file.size for offer in offers if offer.file.is_ready),
            available_size=sum(offer.file.size for offer in offers if offer.is_available),
            paths=_paths_of(offers),
        )

    @classmethod
    def counted(cls, visitor: "Visitor", access: Access) -> Self:
        """Return what the database counts, for a link of many files. Takes one query."""
        items: models.QuerySet[Any] = access.link.items.present()
        ready = available = Q(file__ready_at__isnull=False)
        if (limit := access.link.download_limit) is not None:
            spent = Coalesce("own_count", 0) if access.recipient else F("download_count")
            items = access.link.items.present().seen_by(visitor, access.recipient).annotate(spent=spent)
            available = ready & (Q(is_collected=True) | Q(spent__lt=limit))
        rows = items.order_by("file__path").values("file__path")
        rows = rows.annotate(
            count=Count("pk"),
            ready_count=Count("pk", filter=ready),
            available_count=Count("pk", filter=available),
            size=Sum("file__size"),
            first_name=Min("file__name"),
            ready_size=Sum("file__size", filter=ready, default=0),
            available_size=Sum("file__size", filter=available, default=0),
        )
        counted = list(rows)

        def total(name: str) -> int:
            return sum(row[name] for row in counted)

        return cls(
            Contents(
                count=total("count"),
                ready_count=total("ready_count"),
                available_count=total("available_count"),
                size=total("size"),
                first_name=min((row["first_name"] for row in counted), default=""),
            ),
            ready_size=total("ready_size"),
            available_size=total("available_size"),
            paths=tuple(PathTotal(row["file__path"], row["count"], row["size"]) for row in counted),
        )


def last_totals(visitor: "Visitor", access: Access) -> Totals:
    """Return totals of a link without a download limit as they were counted by whoever asked last, 3 s ago at most."""
    key = totals_key(access.link)
    last: Totals | None = best_effort_value(partial(cache.get, key), otherwise=None)
    if last is None:
        # A page that waits shows no folders.
        last = replace(Totals.counted(visitor, access), paths=())
        with best_effort():
            cache.set(key, last, FRESH_SECONDS)
    return last


def totals_key(link: Link) -> str:
    """Return the cache key of last_totals()."""
    return f"link-totals:{link.pk}"


def offers_to(visitor: "Visitor", access: Access) -> Sequence[Offer]:
    """Return an offer for each file of the link, in the order of a folder's listing. Takes one query."""
    items = access.link.items.present().seen_by(visitor, access.recipient)
    return [Offer(item, access) for item in items]


class LongListing:
    """Offers of a link of many files, read slice by slice: those of a folder, or those whose path has some words.

    Takes one query for a slice. To search takes one more, of names alone: no two databases agree on what is a capital.
    """

    def __init__(
        self,
        visitor: "Visitor",
        access: Access,
        *,
        words: str = "",
        folder: str = "",
        count: int = 0,
        first: Sequence[Offer] = (),
    ) -> None:
        """`count` is how many the folder has, and `first` the first of them, as far as they were read."""
        self._visitor = visitor
        self._access = access
        self._folder = folder
        self._first = first
        self._keys = self._found(words.casefold()) if words else None
        self._count = count if self._keys is None else len(self._keys)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> list[Offer]:
        if part.stop <= len(self._first):
            return [*self._first[part]]
        items = self._access.link.items.present().seen_by(self._visitor, self._access.recipient)
        if self._keys is None:
            items = items.filter(file__path=self._folder)[part]
        else:
            items = items.filter(pk__in=self._keys[part])
        return [Offer(item, self._access) for item in items]

    def _found(self, words: str) -> list[int]:
        paths = self._access.link.items.present().values_list("pk", "file__path", "file__name")
        return [pk for pk, path, name in paths if words in f"{path}/{name}".casefold()]


def find_offer(token: str, file_id: UUID, visitor: "Visitor") -> Offer:
    """Return the offer of this file by a token. Takes one query, for a recipient's token two.

    Raises Item.DoesNotExist.
    """
    try:
        public_id, recipient = link_id_of(token)
    except Link.DoesNotExist as error:
        raise Item.DoesNotExist from error
    item = find_item(public_id, file_id, visitor, recipient)
    return Offer(item, Access(item.link, recipient))


def _paths_of(offers: Sequence[Offer]) -> tuple[PathTotal, ...]:
    """Return the totals of each path, in the order of the offers."""
    totals: dict[str, list[int]] = {}
    for offer in offers:
        total = totals.setdefault(offer.file.path, [0, 0])
        total[0] += 1
        total[1] += offer.file.size
    return tuple(PathTotal(path, *total) for path, total in totals.items())
