"""Fetching all files of a link at once: spent together, their URLs handed out just before they are needed."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sharing.links.errors import LinkClosed
from sharing.links.gate import Admission
from sharing.links.models import Download, Item, Link, Recipient, RecipientDownloadCount
from sharing.links.models.download import COLLECTION_LIFE
from sharing.storage.bucket import get_bucket
from sharing.storage.errors import ObjectMissing

URLS_AT_ONCE = 100


def collect(admission: Admission) -> list[Item]:
    """Spend one download of each file that is open to this visitor; which those were.

    Each file counts for itself, and a repeat within the grace period spends nothing. What the bucket has lost is among
    them and not spent: the archive will say that it misses it. Takes one UPDATE for all where none of them is raced
    for, and one INSERT; for a recipient two. Raises LinkClosed for none, and StorageError before anything is spent.
    """
    link, visitor = admission.link, admission.visitor
    lost = _lost(link)
    wanted = sorted((item for item in link.contents if item.is_available), key=lambda item: item.pk)
    wanted = [item for item in wanted if item.pk not in lost]
    with transaction.atomic():
        if not link.is_usable():
            raise LinkClosed
        repeated = [item for item in wanted if item.is_collected]
        spent = _spend([item for item in wanted if not item.is_collected], link)
        given = {item.pk for item in [*repeated, *spent]}
        if not given:
            raise LinkClosed
        now = timezone.now()  # the same for all, by which the history knows them for one collection
        Download.objects.bulk_create(
            Download(
                link=link,
                file=item.file,
                recipient=link.recipient,
                at=now,
                visitor=visitor.id,
                network=visitor.network or None,
                user_agent=visitor.user_agent,
                is_repeat=item.is_collected,
            )
            for item in wanted
            if item.pk in given
        )
    return [item for item in link.contents if item.pk in given | lost]


def _lost(link: Link) -> set[int]:
    """Those of its items whose objects the bucket does not have, as far as it matters: where a limit counts them.

    Raises StorageError where the bucket does not answer, or has none of them.
    """
    wanted = [item for item in link.contents if item.is_available]
    if not wanted:
        raise LinkClosed
    if link.download_limit is None:
        with suppress(ObjectMissing):
            wanted[0].file.require_object()
        return set()
    missing = get_bucket().missing(item.file.object_key for item in wanted)
    lost = {item.pk for item in wanted if item.file.object_key in missing}
    if len(lost) == len(wanted):
        raise ObjectMissing("The bucket has none of these files.")
    return lost


def _spend(items: list[Item], link: Link) -> list[Item]:
    """Which of these could be counted; locked in one order first, so that two collections never wait for each other."""
    for item in items:
        item.link = link
    _lock(items, link)
    with transaction.atomic():
        if _count(items, link) == len(items):
            return items
        transaction.set_rollback(True)  # some are used up by now: each is tried for itself
    return [item for item in items if item.count()]


def _lock(items: list[Item], link: Link) -> None:
    if link.recipient:
        # Without the key, which a download that is recorded meanwhile refers to.
        recipients = Recipient.objects.filter(pk=link.recipient.pk).select_for_update(no_key=True)
        list(recipients.values_list("pk"))
    else:
        rows = Item.objects.filter(pk__in=[item.pk for item in items])
        list(rows.order_by("pk").select_for_update().values_list("pk"))


def _count(items: list[Item], link: Link) -> int:
    if link.recipient:
        return RecipientDownloadCount.objects.spend_all(items, link.recipient)
    downloadable = Item.objects.downloadable().filter(pk__in=[item.pk for item in items])
    return downloadable.update(download_count=F("download_count") + 1)


def receipt(admission: Admission) -> str:
    """What shows for a day that this visitor has spent what they ask the URLs of."""
    return _signer(admission.link).sign(admission.visitor.id)


def hand_out(admission: Admission, proof: str, file_ids: Iterable[UUID]) -> dict[str, str]:
    """Fresh URLs of files that the holder of this receipt has spent and the link still grants. Raises LinkClosed."""
    link = admission.link
    try:
        visitor_id = _signer(link).unsign(proof, max_age=COLLECTION_LIFE)
    except BadSignature as error:
        raise LinkClosed from error
    spent = Download.objects.filter(
        link=link, recipient=link.recipient, visitor=visitor_id, at__gt=timezone.now() - COLLECTION_LIFE
    ).values("file_id")
    granted = link.files.ready().filter(pk__in=list(file_ids)).filter(pk__in=spent)
    return {str(file.pk): file.presigned_url() for file in granted}


def _signer(link: Link) -> TimestampSigner:
    whose = link.recipient.public_id if link.recipient else ""
    return TimestampSigner(salt=f"sharing.links.collecting.{link.public_id}.{whose}")
