"""The statements that every visitor of a link needs, prepared: to find it and its files, and to count a download.

Each is an ordinary queryset with parameters, and tests/links/test_prepared_statements.py holds its answers against that
queryset's. Without a recipient it is about the link's plain address.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

from sharing.links.models import Download, Item, Link, Recipient, RecipientDownloadCount
from sharing.links.models.item import GRACE
from sharing.prepared import Parameter, PreparedInsert, PreparedSelect, PreparedUpdate

if TYPE_CHECKING:
    from sharing.links.models.item import SeenItem
    from sharing.links.visitor import Visitor

# A page shows so many files. One more is read of a link, which tells whether it has others.
FILES_A_PAGE = 100


def find_link(public_id: str) -> Link:
    """Return the link with its owner. Takes one query. Raises Link.DoesNotExist."""
    return _LINK.get(public_id=public_id)


def find_recipient(public_id: str) -> Recipient:
    """Return the recipient with the link and its owner. Takes one query. Raises Recipient.DoesNotExist."""
    return _RECIPIENT.get(public_id=public_id)


def first_items(link: Link, visitor: "Visitor", recipient: Recipient | None) -> "list[SeenItem]":
    """Return the first 101 items whose files are not deleted. Takes one query."""
    return _FIRST[recipient is not None].all(link=link.pk, **_eyes(visitor, recipient))


def find_item(public_id: str, file_id: UUID, visitor: "Visitor", recipient: Recipient | None) -> "SeenItem":
    """Return the item of a file, with the link that has this public id and its owner. Takes one query.

    Raises Item.DoesNotExist.
    """
    return _ONE[recipient is not None].get(public_id=public_id, file=file_id, **_eyes(visitor, recipient))


def count_download(item: "SeenItem", recipient: Recipient | None) -> bool:
    """Count one download of the item if every rule allows it, and return whether it did. Takes one UPDATE.

    For a recipient's first download of it one INSERT more.
    """
    now = timezone.now()
    if recipient is None:
        return _COUNT.run(item=item.pk, now=now) > 0
    RecipientDownloadCount.objects.begin([item], recipient)
    return _COUNT_OF_RECIPIENT.run(item=item.pk, recipient=recipient.pk, link=recipient.link_id, now=now) > 0


def record_download(download: Download) -> None:
    """Insert a download, whose key stays unknown. Takes one INSERT."""
    _RECORD.save(download)


def _eyes(visitor: "Visitor", recipient: Recipient | None) -> dict[str, Any]:
    """Return for whom items are looked up."""
    seen = {"visitor": visitor.id, "since": timezone.now() - GRACE}
    return seen if recipient is None else {**seen, "recipient": recipient.pk}


def _key(name: str, model: type[models.Model]) -> Parameter:
    return Parameter(name, model._meta.pk)


def _field(name: str, model: type[models.Model], field: str = "") -> Parameter:
    return Parameter(name, model._meta.get_field(field or name))  # type: ignore[arg-type]


def _seen(items: Any, *, is_personal: bool) -> "QuerySet[SeenItem, SeenItem]":
    recipient = _key("recipient", Recipient) if is_personal else None
    return items.seen_as(  # type: ignore[no-any-return]
        _field("visitor", Download), recipient, since=_field("since", Download, "at")
    )


def _first(*, is_personal: bool) -> "QuerySet[SeenItem, SeenItem]":
    present = Item.objects.present().filter(link=_key("link", Link))
    return _seen(present, is_personal=is_personal)[: FILES_A_PAGE + 1]


def _one(*, is_personal: bool) -> "QuerySet[SeenItem, SeenItem]":
    items = Item.objects.select_related("link__owner", "file").filter(
        link__public_id=_field("public_id", Link), file=_field("file", Item)
    )
    return _seen(items, is_personal=is_personal)


def _counted(downloadable: "QuerySet[Any, Any]") -> "tuple[QuerySet[Any, Any], dict[str, Any]]":
    return downloadable, {"download_count": F("download_count") + 1}


def _now() -> Parameter:
    return _field("now", Link, "expires_at")


def _of_both[Row: models.Model](
    build: "Callable[..., QuerySet[Any, Row]]",
) -> dict[bool, PreparedSelect[Row]]:
    """Prepare it for the plain address and for those of recipients, where the SQL differs."""
    return {
        is_personal: PreparedSelect(lambda is_personal=is_personal: build(is_personal=is_personal))  # type: ignore[misc]
        for is_personal in (False, True)
    }


_LINK = PreparedSelect(
    lambda: Link.objects.select_related("owner").filter(public_id=_field("public_id", Link))
)
_RECIPIENT = PreparedSelect(
    lambda: Recipient.objects.select_related("link__owner").filter(public_id=_field("public_id", Recipient))
)
_FIRST = _of_both(_first)
_ONE = _of_both(_one)
_COUNT = PreparedUpdate(lambda: _counted(Item.objects.downloadable(_now()).filter(pk=_key("item", Item))))
_COUNT_OF_RECIPIENT = PreparedUpdate(
    lambda: _counted(
        RecipientDownloadCount.objects.downloadable(
            _key("recipient", Recipient), _key("link", Link), _now()
        ).filter(item=_key("item", Item))
    )
)
_RECORD = PreparedInsert(Download)
