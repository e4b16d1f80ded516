"""Changing how often a link gives each of its files."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import kept_file, link_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(kept_file(alice), download_limit=1)


def send(client: Client, link: Link, **fields: str) -> int:
    return client.post(reverse("link_settings", args=[link.public_id]), fields).status_code


def fetch(link: Link) -> int:
    return Client().post(reverse("landing_download", args=[link.token, link.files.get().pk])).status_code


def test_a_used_up_link_gives_more(link: Link, alice_client: Client) -> None:
    assert (fetch(link), fetch(link)) == (303, 410)
    assert send(alice_client, link, limit="number", limit_number="2") == 302
    assert (fetch(link), fetch(link)) == (303, 410)
    assert send(alice_client, link, limit="any") == 302
    assert fetch(link) == 303
    details = [event.details for event in Event.objects.filter(action="link.limit_changed").order_by("pk")]
    assert details == [{"before": 1, "limit": 2}, {"before": 2, "limit": None}]


def test_a_limit_below_what_was_given_ends_it(link: Link, alice: User, visitor: Client) -> None:
    link.limit_downloads(None, by=alice)
    assert {fetch(link) for _ in range(3)} == {303}
    link.limit_downloads(1, by=alice)
    assert (fetch(link), visitor.get(link.url).status_code) == (410, 410)


def test_the_same_limit_is_no_change(link: Link, alice_client: Client) -> None:
    assert send(alice_client, link, limit="once") == 302
    assert not Event.objects.filter(action="link.limit_changed").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"limit": "number"},
        {"limit": "number", "limit_number": "0"},
        {"limit": "number", "limit_number": "-1"},
        {"limit": "number", "limit_number": "1000001"},
        {"limit": "number", "limit_number": "9" * 30},
        {"limit": "many"},
    ],
)
def test_nonsense_is_explained(link: Link, alice_client: Client, fields: dict[str, str]) -> None:
    assert send(alice_client, link, **fields) == 422
    link.refresh_from_db()
    assert link.download_limit == 1


def test_an_outsider_gets_404(link: Link, bob_client: Client) -> None:
    assert send(bob_client, link, limit="any") == 404
    link.refresh_from_db()
    assert link.download_limit == 1
