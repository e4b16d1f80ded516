"""The statements that every visitor of a link needs, prepared: to find it and its files, and to count a download.

Each is an ordinary queryset with parameters, and tests/links/test_prepared_statements.py holds its answers against that
queryset's. Without a recipient it is about the link's plain address.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from sharing.links.models import Download, Item, Link, Recipient, RecipientDownloadCount
from sharing.links.models.item import GRACE
from sharing.prepared import (
    FetchedRows,
    Parameter,
    PreparedInsert,
    PreparedRows,
    PreparedSelect,
    PreparedUpdate,
    PreparedUpdateAndInsert,
)

if TYPE_CHECKING:
    from sharing.links.models.item import ItemQuerySet, SeenItem
    from sharing.links.visitor import Visitor

# A page shows so many files. One more is read of a link, which tells whether it has others.
FILES_A_PAGE = 100


def find_link(public_id: str) -> Link:
    """Return the link with its owner. Takes one query. Raises Link.DoesNotExist."""
    return _LINK.get(public_id=public_id)


def find_recipient(public_id: str) -> Recipient:
    """Return the recipient with the link and its owner. Takes one query. Raises Recipient.DoesNotExist."""
    return _RECIPIENT.get(public_id=public_id)


def first_items(link: Link, visitor: "Visitor", recipient: Recipient | None) -> "FetchedRows[SeenItem]":
    """Return the rows of the first 101 items whose files are not deleted. Takes one query.

    Without a download limit how often each was downloaded is left out: no page shows it, and one that is cached stays.
    """
    values = {"link": link.pk, "visitor": visitor.id, "since": timezone.now() - GRACE}
    if recipient is None:
        return (_FIRST_ITEMS if link.download_limit is None else _FIRST_LIMITED_ITEMS).fetch(**values)
    values["recipient"] = recipient.pk
    if link.download_limit is None:
        return _FIRST_ITEMS_OF_RECIPIENT.fetch(**values)
    return _FIRST_LIMITED_ITEMS_OF_RECIPIENT.fetch(**values)


def find_item(public_id: str, file_id: UUID, visitor: "Visitor", recipient: Recipient | None) -> "SeenItem":
    """Return the item of a file, with the link that has this public id and its owner. Takes one query.

    Raises Item.DoesNotExist.
    """
    values = {
        "public_id": public_id,
        "file": file_id,
        "visitor": visitor.id,
        "since": timezone.now() - GRACE,
    }
    if recipient is None:
        return _ITEM.get(**values)
    return _ITEM_OF_RECIPIENT.get(**values, recipient=recipient.pk)


def spend_download(item: "SeenItem", recipient: Recipient | None, download: Download) -> bool:
    """Enforce the download limit: count one download if every rule allows it, and record it. Return whether it did.

    Takes one UPDATE and one INSERT; for a recipient's first download of it one INSERT more.
    """
    now = timezone.now()
    if recipient is None:
        return _SPEND.save(download, item=item.pk, now=now)
    with transaction.atomic():
        RecipientDownloadCount.objects.begin([item], recipient)
        return _SPEND_OF_RECIPIENT.save(
            download, item=item.pk, recipient=recipient.pk, link=recipient.link_id, now=now
        )


def record_download(download: Download) -> None:
    """Insert a download that counts as none, whose key stays unknown. Takes one INSERT."""
    _RECORD_DOWNLOAD.save(download)


def _key(name: str, model: type[models.Model]) -> Parameter:
    return Parameter(name, model._meta.pk)


def _field(name: str, model: type[models.Model], field: str = "") -> Parameter:
    return Parameter(name, model._meta.get_field(field or name))  # type: ignore[arg-type]


def _now() -> Parameter:
    return _field("now", Link, "expires_at")


def _link() -> "QuerySet[Link, Link]":
    return Link.objects.select_related("owner").filter(public_id=_field("public_id", Link))


def _recipient() -> "QuerySet[Recipient, Recipient]":
    return Recipient.objects.select_related("link__owner").filter(public_id=_field("public_id", Recipient))


def _first_limited_items() -> "QuerySet[SeenItem, SeenItem]":
    return _as_seen(_items_of_link(), None)[: FILES_A_PAGE + 1]


def _first_limited_items_of_recipient() -> "QuerySet[SeenItem, SeenItem]":
    return _as_seen(_items_of_link(), _key("recipient", Recipient))[: FILES_A_PAGE + 1]


def _first_items() -> "QuerySet[SeenItem, SeenItem]":
    return _as_seen(_items_of_link().defer("download_count"), None)[: FILES_A_PAGE + 1]


def _first_items_of_recipient() -> "QuerySet[SeenItem, SeenItem]":
    items = _items_of_link().defer("download_count")
    return _as_seen(items, _key("recipient", Recipient))[: FILES_A_PAGE + 1]


def _item() -> "QuerySet[SeenItem, SeenItem]":
    return _as_seen(_item_of_file(), None)


def _item_of_recipient() -> "QuerySet[SeenItem, SeenItem]":
    return _as_seen(_item_of_file(), _key("recipient", Recipient))


def _items_of_link() -> "ItemQuerySet":
    return Item.objects.present().filter(link=_key("link", Link))


def _item_of_file() -> "ItemQuerySet":
    items = Item.objects.get_queryset().select_related("link__owner", "file")
    return items.filter(link__public_id=_field("public_id", Link), file=_field("file", Item))


def _as_seen(items: "ItemQuerySet", recipient: Parameter | None) -> "QuerySet[SeenItem, SeenItem]":
    """Return the items with what the visitor has already downloaded of them."""
    return items.seen_as(_field("visitor", Download), recipient, since=_field("since", Download, "at"))


def _downloadable_item() -> "QuerySet[Item, Item]":
    return Item.objects.downloadable(_now()).filter(pk=_key("item", Item))


def _downloadable_item_of_recipient() -> "QuerySet[RecipientDownloadCount, RecipientDownloadCount]":
    counts = RecipientDownloadCount.objects.downloadable(
        _key("recipient", Recipient), _key("link", Link), _now()
    )
    return counts.filter(item=_key("item", Item))


_LINK = PreparedSelect(_link)
_RECIPIENT = PreparedSelect(_recipient)
_FIRST_LIMITED_ITEMS = PreparedRows(_first_limited_items)
_FIRST_LIMITED_ITEMS_OF_RECIPIENT = PreparedRows(_first_limited_items_of_recipient)
_FIRST_ITEMS = PreparedRows(_first_items)
_FIRST_ITEMS_OF_RECIPIENT = PreparedRows(_first_items_of_recipient)
_ITEM = PreparedSelect(_item)
_ITEM_OF_RECIPIENT = PreparedSelect(_item_of_recipient)
_RECORD_DOWNLOAD = PreparedInsert(Download)
_SPEND = PreparedUpdateAndInsert(
    PreparedUpdate(_downloadable_item, download_count=F("download_count") + 1), _RECORD_DOWNLOAD
)
_SPEND_OF_RECIPIENT = PreparedUpdateAndInsert(
    PreparedUpdate(_downloadable_item_of_recipient, download_count=F("download_count") + 1), _RECORD_DOWNLOAD
)
