"""Downloads all files of a link at once: spent together, their URLs issued just before they are needed."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.links.access import Access
from sharing.links.contents_folders import is_in
from sharing.links.errors import LinkClosed
from sharing.links.gate import Admission
from sharing.links.models import Download, Item, Recipient
from sharing.links.models.download import COLLECTION_LIFE
from sharing.links.offers import Offer
from sharing.storage.bucket import get_bucket
from sharing.storage.errors import ObjectMissing

URLS_AT_ONCE = 100


def spend_all(admission: Admission, *, folder: str = "") -> list[Offer]:
    """Spend one download of each file that is available to this visitor, and return those files.

    With `folder` only of those in it and below.

    Each file is counted by itself, and a repeat within the grace period spends nothing. Files that the bucket has lost
    are returned and not spent: the archive will list them as missing. Takes one UPDATE for all where none of them is
    raced for, and one INSERT; for a recipient two. Raises LinkClosed for none, and StorageError before any is spent.
    """
    access = admission.access
    available = [offer for offer in admission.offers if offer.is_available and is_in(offer.file.path, folder)]
    lost = _lost(available)
    wanted = sorted((offer for offer in available if offer.item.pk not in lost), key=lambda o: o.item.pk)
    with transaction.atomic():
        if not access.is_usable():
            raise LinkClosed
        repeated = [offer for offer in wanted if offer.item.is_collected]
        spent = _spend([offer for offer in wanted if not offer.item.is_collected], access)
        given = {offer.item.pk for offer in [*repeated, *spent]}
        if not given:
            raise LinkClosed
        now = timezone.now()  # the same for all, by which the history knows them for one collection
        Download.objects.bulk_create(
            offer.download_by(admission.visitor, at=now, is_repeat=offer.item.is_collected)
            for offer in wanted
            if offer.item.pk in given
        )
    return [offer for offer in admission.offers if offer.item.pk in given | lost]


def _lost(offers: Sequence[Offer]) -> set[int]:
    """Return the items whose objects the bucket does not have. Where nothing is counted, it does not matter: none.

    Raises LinkClosed for no offers, StorageError where the bucket does not answer or has no object of any.
    """
    if not offers:
        raise LinkClosed
    if offers[0].access.link.download_limit is None:
        with suppress(ObjectMissing):
            offers[0].file.require_object()
        return set()
    missing = get_bucket().missing(offer.file.object_key for offer in offers)
    lost = {offer.item.pk for offer in offers if offer.file.object_key in missing}
    if len(lost) == len(offers):
        raise ObjectMissing(_("None of these files is in storage."))
    return lost


def _spend(offers: list[Offer], access: Access) -> list[Offer]:
    """Count a download of each, and return those that could be. Locked in one order, so that no two deadlock."""
    _lock(offers, access)
    with transaction.atomic():
        if Item.objects.count_downloads([offer.item for offer in offers], access.recipient) == len(offers):
            return offers
        transaction.set_rollback(True)  # some are used up by now: each is tried by itself
    return [offer for offer in offers if Item.objects.count_downloads([offer.item], access.recipient)]


def _lock(offers: list[Offer], access: Access) -> None:
    if access.recipient:
        # Without the key, which a download that is recorded meanwhile refers to.
        recipients = Recipient.objects.filter(pk=access.recipient.pk).select_for_update(no_key=True)
        list(recipients.values_list("pk"))
    else:
        rows = Item.objects.filter(pk__in=[offer.item.pk for offer in offers])
        list(rows.order_by("pk").select_for_update().values_list("pk"))


def receipt(admission: Admission) -> str:
    """Return a signed proof, valid for a day, that this visitor has spent the files of a collection."""
    return _signer(admission.access).sign(admission.visitor.id)


def read_ids(query: QueryDict) -> list[UUID]:
    """Return the ids that the `file` parameters name: 1 to 100 of them. Raises ValueError, in words."""
    try:
        ids = [UUID(value) for value in query.getlist("file")]
    except ValueError:
        ids = []
    if not 0 < len(ids) <= URLS_AT_ONCE:
        raise ValueError(_("Name 1 to %(most)s files by their ids.") % {"most": URLS_AT_ONCE})
    return ids


def issue_urls(admission: Admission, proof: str, file_ids: Iterable[UUID]) -> dict[str, str]:
    """Return presigned URLs of the files that the receipt's holder has spent and the link still grants, by file id.

    Raises LinkClosed for a receipt that is not valid.
    """
    access = admission.access
    try:
        visitor_id = _signer(access).unsign(proof, max_age=COLLECTION_LIFE)
    except BadSignature as error:
        raise LinkClosed from error
    spent = Download.objects.filter(
        link=access.link,
        recipient=access.recipient,
        visitor=visitor_id,
        at__gt=timezone.now() - COLLECTION_LIFE,
    ).values("file_id")
    granted = access.link.files.ready().filter(pk__in=list(file_ids)).filter(pk__in=spent)
    return {str(file.pk): file.presigned_url() for file in granted}


def _signer(access: Access) -> TimestampSigner:
    return TimestampSigner(salt=f"sharing.links.collecting.{access.link.public_id}.{access.recipient_id}")
