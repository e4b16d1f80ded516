"""Revoking a link."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.making import link_to, recorded_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


def test_the_owner_revokes(link: Link, alice: User, alice_client: Client, visitor: Client) -> None:
    alice_client.post(reverse("link_revocation", args=[link.public_id]))
    assert visitor.get(link.url).status_code == 410
    assert Event.objects.get(action="link.revoked").actor == alice


def test_revoking_twice_is_one_event(link: Link, alice: User) -> None:
    link.revoke(by=alice)
    Link.objects.get(pk=link.pk).revoke(by=alice)
    assert Event.objects.filter(action="link.revoked").count() == 1


def test_other_links_to_the_file_go_on(link: Link, alice: User, visitor: Client) -> None:
    other = link_to(link.files.get())
    link.revoke(by=alice)
    assert visitor.get(other.url).status_code == 200


def test_get_is_refused(link: Link, alice_client: Client) -> None:
    assert alice_client.get(reverse("link_revocation", args=[link.public_id])).status_code == 405


@pytest.mark.parametrize("name", ["link", "link_revocation", "link_expiry"])
def test_an_outsider_gets_404(link: Link, bob_client: Client, name: str) -> None:
    address = reverse(name, args=[link.public_id])
    send = bob_client.get if name == "link" else bob_client.post
    assert send(address).status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


def test_a_visitor_is_asked_to_sign_in(link: Link, visitor: Client) -> None:
    answer = visitor.post(reverse("link_revocation", args=[link.public_id]))
    assert answer["Location"].startswith(reverse("account_login"))
