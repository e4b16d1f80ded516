"""Downloading again: a limit counts each file for itself, and a retry by the same visitor spends nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download, Link
from sharing.links.models.item import MAX_REPEATS
from sharing.links.visitor import COOKIE, Visitor
from tests.factories import kept_file, link_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(alice: User) -> File:
    return kept_file(alice)


@pytest.fixture
def link(file: File) -> Link:
    return link_to(file, download_limit=1)


def address(link: Link, file: File) -> str:
    return reverse("landing_download", args=[link.token, file.pk])


def test_each_file_of_a_link_is_counted_for_itself(alice: User) -> None:
    files = [kept_file(alice, name=name) for name in ("a.txt", "b.txt")]
    link = link_to(*files, download_limit=1)
    assert [Client().post(address(link, file)).status_code for file in files] == [303, 303]
    assert [Client().post(address(link, file)).status_code for file in files] == [410, 410]


def test_a_page_offers_what_is_left_of_it(alice: User, visitor: Client) -> None:
    files = [kept_file(alice, name=name) for name in ("a.txt", "b.txt")]
    link = link_to(*files, download_limit=1)
    Client().post(address(link, files[0]))
    page = visitor.get(link.url).content.decode()
    assert address(link, files[0]) not in page
    assert address(link, files[1]) in page


def test_a_retry_by_the_same_visitor_spends_nothing(link: Link, file: File, visitor: Client) -> None:
    for _ in range(3):
        assert visitor.post(address(link, file)).status_code == 303
    assert link.items.get().download_count == 1
    assert [download.is_repeat for download in Download.objects.order_by("pk")] == [False, True, True]
    assert Link.objects.with_contents().get().download_count == 1


def test_the_page_offers_a_retry_to_them_and_to_nobody_else(link: Link, file: File, visitor: Client) -> None:
    visitor.post(address(link, file))
    assert visitor.get(link.url).status_code == 200
    assert Client().get(link.url).status_code == 410


def test_after_the_grace_period_it_spends_again(link: Link, file: File, visitor: Client) -> None:
    visitor.post(address(link, file))
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert visitor.post(address(link, file)).status_code == 303
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert visitor.post(address(link, file)).status_code == 410


def test_a_retry_is_refused_once_the_link_is_revoked(link: Link, file: File, visitor: Client) -> None:
    visitor.post(address(link, file))
    link.revoke(by=link.owner)
    assert visitor.post(address(link, file)).status_code == 410


def test_a_cookie_comes_with_a_download_alone_and_is_for_that_link(
    link: Link, file: File, visitor: Client
) -> None:
    visitor.get(link.url)
    assert not visitor.cookies
    cookie = visitor.post(address(link, file)).cookies[COOKIE.name]
    assert cookie["path"] == reverse("landing", args=[link.token])
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_link_without_a_limit_sets_no_cookie(file: File, visitor: Client) -> None:
    assert not visitor.post(address(link_to(file), file)).cookies


def test_a_made_up_cookie_is_worth_nothing(link: Link, file: File, visitor: Client) -> None:
    visitor.post(address(link, file))
    stranger = Client()
    stranger.cookies[COOKIE.name] = "' OR 1=1 --"
    assert stranger.post(address(link, file)).status_code == 410


def test_a_cookie_that_people_agree_on_opens_nothing_again(file: File, alice: User) -> None:
    """Only one that was signed for this link counts."""
    link = link_to(file, download_limit=1)
    agreed = "A" * 22
    people = [Client(headers={"cookie": f"{COOKIE.name}={agreed}"}) for _ in range(2)]
    assert [person.post(address(link, file)).status_code for person in people] == [303, 410]
    other = link_to(kept_file(alice), download_limit=1)
    signed = Client().post(address(other, other.files.get())).cookies[COOKIE.name].value
    mine = link_to(file, download_limit=1)
    people = [Client(headers={"cookie": f"{COOKIE.name}={signed}"}) for _ in range(2)]
    assert [person.post(address(mine, file)).status_code for person in people] == [303, 410]


def test_a_signed_one_that_is_passed_on_opens_it_five_times_more(file: File) -> None:
    link = link_to(file, download_limit=1)
    signed = Client().post(address(link, file)).cookies[COOKIE.name].value
    people = [Client(headers={"cookie": f"{COOKIE.name}={signed}"}) for _ in range(MAX_REPEATS + 2)]
    statuses = [person.post(address(link, file)).status_code for person in people]
    assert statuses == [303] * MAX_REPEATS + [410] * 2
    assert link.items.get().download_count == 1


@pytest.mark.parametrize(("hours", "is_known"), [(23, True), (25, False)])
def test_a_visitor_is_known_for_a_day(
    link: Link, file: File, visitor: Client, hours: int, is_known: bool
) -> None:
    """Whatever the browser keeps: a receipt for a collection is shown by the same cookie."""
    request = RequestFactory().get(link.url)
    request.COOKIES[COOKIE.name] = visitor.post(address(link, file)).cookies[COOKIE.name].value
    downloaded_by = Download.objects.get().visitor
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert (Visitor.of(request, link.token).id == downloaded_by) is is_known
