"""Downloading: a POST checks, spends, records, and leads to the bucket."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.errors import LinkClosed
from sharing.links.models import Download, Item, Link
from sharing.links.offers import find_offer
from sharing.links.visitor import Visitor
from tests.bucket_client import fetch
from tests.factories import kept_file, link_to, sent_file, started_upload
from tests.races import race


def address(link: Link, file: File) -> str:
    return reverse("landing_download", args=[link.token, file.pk])


@pytest.mark.django_db
@pytest.mark.usefixtures("bucket")
def test_a_visitor_gets_the_bytes_from_the_bucket_under_the_right_name(alice: User, visitor: Client) -> None:
    file = sent_file(alice, b"the plan", name='résumé 日本語 "x" \u202egpj.exe')
    answer = visitor.post(address(link_to(file), file))
    assert answer.status_code == 303
    bytes_of_it = fetch(answer["Location"])
    assert bytes_of_it.data == b"the plan"
    assert "r%C3%A9sum%C3%A9%20%E6%97%A5%E6%9C%AC%E8%AA%9E" in bytes_of_it.headers["Content-Disposition"]


@pytest.mark.django_db
def test_it_works_without_cookies_and_from_other_sites(alice: User) -> None:
    file = kept_file(alice)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(address(link_to(file), file), headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 303
    assert not answer.cookies


@pytest.mark.django_db
def test_it_is_counted_and_recorded(alice: User, visitor: Client) -> None:
    file = kept_file(alice)
    link = link_to(file)
    visitor.post(address(link, file), headers={"user-agent": "curl/8"}, REMOTE_ADDR="198.51.100.77")
    link = Link.objects.with_contents().get()
    assert (link.download_count, link.view_count) == (1, 0)
    download = Download.objects.get()
    assert (download.link, download.file) == (link, file)
    assert (download.network, download.user_agent) == ("198.51.100.0", "curl/8")


@pytest.mark.django_db
def test_get_is_refused_and_spends_nothing(alice: User, visitor: Client) -> None:
    file = kept_file(alice)
    link = link_to(file, download_limit=1)
    assert visitor.get(address(link, file)).status_code == 405
    assert visitor.post(address(link, file)).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_it_takes_five_queries_and_on_postgresql_two(
    alice: User, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    file = kept_file(alice)
    link = link_to(file)
    visitor.post(address(link, file))
    # With BEGIN and COMMIT, where the UPDATE and the INSERT are not one statement.
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 5):
        visitor.post(address(link, file))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("size", "seconds"),
    [(5, 3600), (125_000, 3601), (900_000_000, 10_800), (20_000_000_000, 86_400)],
)
def test_the_url_lives_as_long_as_its_download_takes_on_a_slow_line(
    alice: User, visitor: Client, size: int, seconds: int
) -> None:
    file = kept_file(alice, size=size)
    assert f"X-Amz-Expires={seconds}&" in visitor.post(address(link_to(file), file))["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["revoked", "expired", "used up", "deleted", "suspended"])
def test_a_link_that_has_ended_gives_nothing(alice: User, visitor: Client, ending: str) -> None:
    file = kept_file(alice)
    link = link_to(file, download_limit=1)
    moment = timezone.now()
    match ending:
        case "revoked":
            link.revoke(by=alice)
        case "expired":
            moment += timedelta(days=8)
        case "used up":
            Client().post(address(link, file))
        case "deleted":
            file.delete_by(alice)
        case "suspended":
            User.objects.filter(pk=alice.pk).update(is_active=False)
    before = Download.objects.count()
    with time_machine.travel(moment):
        assert visitor.post(address(link, file)).status_code == 410
    assert Download.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["revoked", "expired", "used up", "suspended"])
def test_what_ends_while_the_bucket_is_asked_is_not_spent(alice: User, ending: str) -> None:
    link = link_to(kept_file(alice), download_limit=1)
    offer = find_offer(link.token, link.files.get().pk, Visitor("a" * 22, link.token))
    match ending:
        case "revoked":
            link.revoke(by=alice)
        case "expired":
            Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "used up":
            Item.objects.update(download_count=1)
        case "suspended":
            User.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(LinkClosed):
        offer.download(Visitor("a" * 22, link.token))
    assert not Download.objects.exists()


@pytest.mark.django_db
def test_a_file_still_on_its_way_gives_nothing_and_says_so(alice: User, visitor: Client) -> None:
    file = started_upload(alice, 20_000_000).file
    answer = visitor.post(address(link_to(file), file))
    assert answer.status_code == 409
    assert "still uploading" in answer.content.decode().lower()
    assert not Download.objects.exists()


@pytest.mark.django_db
def test_a_link_grants_its_files_and_nothing_beside_them(alice: User, bob: User, visitor: Client) -> None:
    link = link_to(kept_file(alice))
    for other in (kept_file(alice, name="sibling"), kept_file(bob, name="foreign")):
        assert visitor.post(address(link, other)).status_code == 404
    assert visitor.post(reverse("landing_download", args=[link.token, uuid4()])).status_code == 404
    assert not Download.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_hundred_racing_for_the_last_download_give_one(alice: User) -> None:
    file = kept_file(alice)
    link = link_to(file, download_limit=1)

    def post(_: int) -> int:
        return Client().post(address(link, file)).status_code

    answers = race(post, range(100))
    assert (answers.count(303), answers.count(410)) == (1, 99)
    assert Download.objects.count() == 1
