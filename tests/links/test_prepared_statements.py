"""Prepared statements answer as the querysets that they are made of, for links of every shape."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F, Model
from django.utils import timezone

from sharing.accounts.models import User
from sharing.links import statements
from sharing.links.models import Download, Item, Link, Recipient, RecipientDownloadCount
from sharing.links.models.item import GRACE, MAX_REPEATS
from sharing.links.visitor import Visitor
from sharing.mail.address_list import Person
from tests.factories import link_to, recorded_file, started_upload
from tests.races import race

pytestmark = pytest.mark.django_db

VISITOR = Visitor("v" * 22, "token", network="198.51.100.0", user_agent="curl/8")
OTHER = Visitor("w" * 22, "token")


def plain(alice: User) -> Link:
    return link_to(recorded_file(alice))


def expired(alice: User) -> Link:
    link = plain(alice)
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    return link


def endless(alice: User) -> Link:
    return link_to(recorded_file(alice), expires_in=None)


def revoked(alice: User) -> Link:
    link = plain(alice)
    link.revoke(by=alice)
    return link


def limited(alice: User) -> Link:
    link = link_to(recorded_file(alice), recorded_file(alice, name="b"), download_limit=2)
    link.items.filter(file__name="b").update(download_count=1)
    return link


def used_up(alice: User) -> Link:
    link = link_to(recorded_file(alice), download_limit=1)
    link.items.update(download_count=1)
    return link


def locked(alice: User) -> Link:
    return link_to(recorded_file(alice), password="secret word", title="Plans", message="Here.")


def with_a_code(alice: User) -> Link:
    link = mailed(alice)
    link.ask_for_code(True, by=alice)
    return link


def mailed(alice: User) -> Link:
    link = link_to(recorded_file(alice), recorded_file(alice, name="b"), download_limit=1)
    return mail(link, alice)


def mailed_and_taken_back(alice: User) -> Link:
    link = mailed(alice)
    for recipient in link.recipients.all():
        recipient.revoke(by=alice)
    return link


def in_folders(alice: User) -> Link:
    names = [("b", "z.txt"), ("", "a.txt"), ("b/c", "ä.txt"), ("B", "a.txt"), ("", "Z.txt"), ("b", "z.txt")]
    return link_to(*(recorded_file(alice, name=name, path=path) for path, name in names))


def with_trash(alice: User) -> Link:
    link = link_to(recorded_file(alice), recorded_file(alice, name="b"))
    link.files.get(name="b").delete_by(alice)
    return link


def on_its_way(alice: User) -> Link:
    return link_to(started_upload(alice, 20_000_000).file, recorded_file(alice))


def of_many(alice: User) -> Link:
    return link_to(*(recorded_file(alice, name=f"{number}") for number in range(103)))


def emptied(alice: User) -> Link:
    link = plain(alice)
    link.items.all().delete()
    return link


def suspended(alice: User) -> Link:
    link = plain(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    return link


def downloaded(alice: User) -> Link:
    """By this visitor: within the grace period, before it, as often as it may be, and by another one."""
    files = [recorded_file(alice, name=name) for name in ("now", "before", "often", "other")]
    link = mail(link_to(*files, download_limit=1), alice)
    long_ago = timezone.now() - GRACE - timedelta(seconds=1)
    for recipient in (None, *link.recipients.all()):
        download(link, files[0], recipient)
        download(link, files[1], recipient, at=long_ago)
        download(link, files[2], recipient)
        for _ in range(MAX_REPEATS):
            download(link, files[2], recipient, is_repeat=True)
        download(link, files[3], recipient, visitor=OTHER)
    return link


def mail(link: Link, alice: User) -> Link:
    Recipient.objects.mail(link, [Person("ann@example.com"), Person("ben@example.com")], by=alice)
    ann = link.recipients.get(email="ann@example.com")
    RecipientDownloadCount.objects.create(recipient=ann, item=link.items.all()[0], download_count=1)
    return link


def download(
    link: Link, file: Any, recipient: Recipient | None, visitor: Visitor = VISITOR, **said: Any
) -> None:
    Download.objects.create(link=link, file=file, recipient=recipient, visitor=visitor.id, **said)


SHAPES: list[Callable[[User], Link]] = [
    *(plain, expired, endless, revoked, limited, used_up, locked, with_a_code, mailed, mailed_and_taken_back),
    *(in_folders, with_trash, on_its_way, of_many, emptied, suspended, downloaded),
]


@pytest.fixture(params=SHAPES, ids=lambda shape: shape.__name__)
def link(request: pytest.FixtureRequest, alice: User) -> Link:
    link: Link = request.param(alice)
    return link


def spend(item: Any, recipient: Recipient | None) -> bool:
    """Spend a download of the item, which is recorded if it is counted and not otherwise."""
    download = Download(link_id=item.link_id, file_id=item.file_id, recipient=recipient)
    recorded = item.file.downloads.count()
    is_spent = statements.spend_download(item, recipient, download)
    assert item.file.downloads.count() == recorded + is_spent
    return is_spent


def addresses(link: Link) -> list[Recipient | None]:
    return [None, *link.recipients.all()]


def all_of(row: Model | None) -> dict[str, Any] | None:
    """Every value that a row has, its annotations among them, and those of the rows that came with it."""
    if row is None:
        return None
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    return {**own, **{name: all_of(value) for name, value in row._state.fields_cache.items()}}


def test_the_link_of_an_address_is_found(link: Link) -> None:
    found = statements.find_link(link.public_id)
    assert all_of(found) == all_of(Link.objects.select_related("owner").get(pk=link.pk))


def test_the_recipient_of_an_address_is_found(link: Link) -> None:
    for recipient in link.recipients.all():
        expected = Recipient.objects.select_related("link__owner").get(pk=recipient.pk)
        assert all_of(statements.find_recipient(recipient.public_id)) == all_of(expected)


def test_the_first_files_are_found(link: Link) -> None:
    for recipient in addresses(link):
        found = statements.first_items(link, VISITOR, recipient).instances
        expected = Item.objects.filter(link=link.pk).present().seen_by(VISITOR, recipient)  # type: ignore[attr-defined]
        if link.download_limit is None:
            expected = expected.defer("download_count")
        assert [all_of(item) for item in found] == [all_of(item) for item in expected[:101]]


def test_each_file_is_found_by_itself(link: Link) -> None:
    for recipient in addresses(link):
        seen = Item.objects.seen_by(VISITOR, recipient).select_related("link__owner", "file")
        for expected in seen.filter(link=link):
            found = statements.find_item(link.public_id, expected.file_id, VISITOR, recipient)
            assert all_of(found) == all_of(expected)


def test_what_is_not_there_is_not_found(alice: User) -> None:
    link, other = plain(alice), recorded_file(alice)
    with pytest.raises(Link.DoesNotExist):
        statements.find_link("0" * 12)
    with pytest.raises(Recipient.DoesNotExist):
        statements.find_recipient("0" * 12)
    with pytest.raises(Item.DoesNotExist):
        statements.find_item(link.public_id, other.pk, VISITOR, None)


def test_downloads_are_counted_by_the_same_rules(link: Link) -> None:
    """Twice, so that a limit is reached: each time it is allowed where the queryset says so before."""
    for recipient in addresses(link):
        for item in Item.objects.seen_by(VISITOR, recipient).filter(link=link):
            for _ in range(2):
                may = may_count(item, recipient)
                assert spend(item, recipient) == may
                item.own_count = item.own_count or 0


def may_count(item: Any, recipient: Recipient | None) -> bool:
    if recipient is None:
        return Item.objects.downloadable().filter(pk=item.pk).exists()
    RecipientDownloadCount.objects.begin([item], recipient)
    may = RecipientDownloadCount.objects.downloadable(recipient.pk, recipient.link_id)
    return may.filter(item=item).exists()


def test_one_download_is_counted_of_one_item_alone(alice: User) -> None:
    link = link_to(recorded_file(alice), recorded_file(alice, name="b"))
    [item, other] = statements.first_items(link, VISITOR, None).instances
    assert spend(item, None)
    assert dict(link.items.values_list("pk", "download_count")) == {item.pk: 1, other.pk: 0}


def test_a_download_is_recorded_with_all_that_is_known(alice: User) -> None:
    link = mail(plain(alice), alice)
    for recipient in addresses(link):
        download = Download(
            link=link,
            file=link.files.get(),
            recipient=recipient,
            network="2001:db8::",
            user_agent="“curl” \\ %s",
            visitor=VISITOR.id,
            is_repeat=recipient is not None,
        )
        statements.record_download(download)
        saved = Download.objects.get(recipient=recipient)
        assert saved.pk
        for field in Download._meta.concrete_fields[1:]:
            assert getattr(saved, field.attname) == getattr(download, field.attname)


def test_a_statement_asks_with_the_time_of_each_run(alice: User) -> None:
    link = plain(alice)
    [item] = statements.first_items(link, VISITOR, None).instances
    assert spend(item, None)
    download(link, item.file, None)
    assert statements.first_items(link, VISITOR, None).instances[0].is_collected
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert not spend(item, None)
        assert not statements.first_items(link, VISITOR, None).instances[0].is_collected


@pytest.mark.django_db(transaction=True)
def test_each_thread_has_a_statement_of_its_own(alice: User) -> None:
    link = link_to(recorded_file(alice), download_limit=5)
    [item] = statements.first_items(link, VISITOR, None).instances

    def spend_one(_: int) -> bool:
        return statements.spend_download(item, None, Download(link=link, file=item.file))

    assert race(spend_one, range(30)).count(True) == 5
    assert Item.objects.filter(pk=item.pk, download_count=F("link__download_limit")).exists()
    assert link.downloads.count() == 5
