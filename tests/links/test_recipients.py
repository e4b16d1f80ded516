"""A recipient's own address: known by name, counted and revoked alone."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sharing import tokens
from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download, Link, Recipient
from sharing.links.visitor import COOKIE
from sharing.mail.address_list import Person
from tests.factories import kept_file, link_to
from tests.races import race

if TYPE_CHECKING:
    from sharing.links.models.recipient import CountedRecipient

pytestmark = pytest.mark.django_db

PEOPLE = [Person("ann@example.com", "Ann"), Person("bob@example.com")]


@pytest.fixture
def file(alice: User) -> File:
    return kept_file(alice, name="plan.pdf")


@pytest.fixture
def link(file: File) -> Link:
    return link_to(file, download_limit=1)


@pytest.fixture
def ann(link: Link) -> Recipient:
    return Recipient.objects.mail(link, PEOPLE, by=link.owner)[0]


def address(holder: Link | Recipient, file: File) -> str:
    return reverse("landing_download", args=[holder.token, file.pk])


def fresh(recipient: Recipient) -> "CountedRecipient":
    return Recipient.objects.with_downloads().get(pk=recipient.pk)


def test_opening_is_known_by_name(ann: Recipient, visitor: Client) -> None:
    for _ in range(2):
        page = visitor.get(ann.url)
    assert page.status_code == 200
    assert ann.url in page.content.decode()
    assert ann.link.url not in page.content.decode()
    assert "personal to you" in page.content.decode()
    row = fresh(ann)
    assert (row.open_count, row.state) == (2, Recipient.State.OPENED)
    assert row.opened_at
    assert fresh(row.link.recipients.get(email="bob@example.com")).opened_at is None
    assert Link.objects.get().view_count == 2


@pytest.mark.usefixtures("views_pending")
def test_a_page_takes_two_queries(
    ann: Recipient, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        visitor.get(ann.url)


def test_downloading_is_known_by_name(ann: Recipient, file: File, visitor: Client) -> None:
    assert visitor.post(address(ann, file)).status_code == 303
    assert Download.objects.get().recipient == ann
    assert fresh(ann).state == Recipient.State.DOWNLOADED


@pytest.mark.django_db(transaction=True)
def test_a_download_takes_two_queries_more_at_first_and_then_one(
    ann: Recipient, file: File, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Link.objects.update(download_limit=None)
    # A plain download takes five, and on PostgreSQL two: there it has no transaction of its own.
    first = 6 if connection.vendor == "postgresql" else 7
    with django_assert_num_queries(first):
        visitor.post(address(ann, file))
    with django_assert_num_queries(first - 1):
        Client().post(address(ann, file))


def test_the_limit_holds_for_each_address(ann: Recipient, link: Link, file: File) -> None:
    bob = link.recipients.get(email="bob@example.com")
    for holder in (ann, bob, link):
        assert Client().post(address(holder, file)).status_code == 303
        assert Client().post(address(holder, file)).status_code == 410
        assert Client().get(holder.url).status_code == 410
    assert Download.objects.count() == 3
    assert link.items.get().download_count == 1


def test_a_retry_by_the_same_visitor_spends_nothing(ann: Recipient, file: File, visitor: Client) -> None:
    for _ in range(3):
        assert visitor.post(address(ann, file)).status_code == 303
    assert ann.download_counts.get().download_count == 1


def test_what_was_fetched_by_another_address_is_no_retry(ann: Recipient, link: Link, file: File) -> None:
    """A visitor may show any cookie anywhere: it must not make one address spend nothing for what another gave."""
    known = Client().post(address(link, file)).cookies[COOKIE.name].value
    other = Client(headers={"cookie": f"{COOKIE.name}={known}"})
    assert other.post(address(ann, file)).status_code == 303
    assert ann.download_counts.get().download_count == 1


@pytest.mark.django_db(transaction=True)
def test_a_hundred_racing_for_the_last_download_give_one(ann: Recipient, file: File) -> None:
    target = address(ann, file)
    answers = race(lambda _: Client().post(target).status_code, range(100))
    assert (answers.count(303), answers.count(410)) == (1, 99)


def test_one_is_revoked_alone(ann: Recipient, link: Link, file: File, alice_client: Client) -> None:
    Link.objects.update(download_limit=2)
    known = Client()
    known.post(address(ann, file))
    alice_client.post(reverse("recipient_revocation", args=[ann.public_id]))
    page = Client().get(ann.url)
    assert page.status_code == 410
    assert "plan.pdf" not in page.content.decode()
    assert "Revoked" in page.content.decode()
    assert Client().post(address(ann, file)).status_code == 410
    assert known.post(address(ann, file)).status_code == 410  # not even what would spend nothing
    for holder in (link, link.recipients.get(email="bob@example.com")):
        assert Client().get(holder.url).status_code == 200
        assert Client().post(address(holder, file)).status_code == 303


def test_revoking_the_link_revokes_all(ann: Recipient, link: Link, file: File) -> None:
    link.revoke(by=link.owner)
    assert Client().get(ann.url).status_code == 410
    assert Client().post(address(ann, file)).status_code == 410


def test_a_recipient_s_address_grants_its_link_s_files_alone(ann: Recipient, alice: User) -> None:
    other = kept_file(alice, name="other")
    link_to(other)
    assert Client().post(address(ann, other)).status_code == 404


def test_tokens_are_not_exchangeable(ann: Recipient, link: Link, visitor: Client) -> None:
    for purpose, public_id in (("link", ann.public_id), ("recipient", link.public_id)):
        token = tokens.mint(purpose, public_id)
        assert visitor.get(reverse("landing", args=[token])).status_code == 404


def test_the_progress_of_files_is_seen_by_it(ann: Recipient, visitor: Client) -> None:
    assert visitor.get(reverse("landing_progress", args=[ann.token])).status_code == 200


@pytest.mark.parametrize("name", ["recipient_mail", "recipient_revocation"])
def test_an_outsider_gets_404_and_get_is_refused(
    ann: Recipient, alice_client: Client, bob_client: Client, name: str
) -> None:
    target = reverse(name, args=[ann.public_id])
    assert bob_client.post(target).status_code == 404
    assert alice_client.get(target).status_code == 405
    assert fresh(ann).revoked_at is None


def test_an_expired_link_gives_them_nothing(file: File, visitor: Client) -> None:
    link = link_to(file, expires_in=timedelta(seconds=60))
    [ann, _] = Recipient.objects.mail(link, PEOPLE, by=link.owner)
    Link.objects.update(expires_at=link.created_at)
    assert visitor.get(ann.url).status_code == 410
    assert visitor.post(address(ann, file)).status_code == 410
