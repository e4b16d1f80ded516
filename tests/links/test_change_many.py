"""Several links are extended or revoked at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db
EXTENSION, REVOCATION = "/links/extension/", "/links/revocation/"


@pytest.fixture
def links(alice: User) -> list[Link]:
    return [link_to(recorded_file(alice), title=f"Link {number}") for number in range(3)]


def change(client: Client, address: str, *links: Link) -> str:
    """Tick these links, press the button, and return the page that follows."""
    ticked = ",".join(link.public_id for link in links)
    return client.post(address, {"link": ticked}, follow=True).content.decode()


def test_those_that_were_ticked_are_revoked(
    links: list[Link], alice: User, alice_client: Client, visitor: Client
) -> None:
    assert "Revoked 2 links." in change(alice_client, REVOCATION, *links[:2])
    assert [visitor.get(link.url).status_code for link in links] == [410, 410, 200]
    assert [event.actor for event in Event.objects.filter(action="link.revoked")] == [alice, alice]


def test_those_that_were_ticked_work_for_a_week_at_least(links: list[Link], alice_client: Client) -> None:
    now = timezone.now()
    ends = [now - timedelta(days=1), now + timedelta(days=1), now + timedelta(days=30)]
    for link, end in zip(links, ends, strict=True):
        Link.objects.filter(pk=link.pk).update(expires_at=end)
    assert "3 links are available for at least another week." in change(alice_client, EXTENSION, *links)
    for link in links:
        link.refresh_from_db()
    week = now + timedelta(days=7)
    assert [link.expires_at >= week for link in links if link.expires_at] == [True, True, True]
    assert links[2].expires_at == ends[2]


def test_nothing_ticked_says_what_to_do(alice_client: Client) -> None:
    for address in (EXTENSION, REVOCATION):
        assert "Select links first." in change(alice_client, address)


def test_links_of_others_are_left_alone(links: list[Link], bob_client: Client, visitor: Client) -> None:
    for address in (EXTENSION, REVOCATION):
        assert bob_client.post(address, {"link": links[0].public_id}).status_code == 404
    assert visitor.get(links[0].url).status_code == 200


def test_get_is_refused(alice_client: Client) -> None:
    for address in (EXTENSION, REVOCATION):
        assert alice_client.get(address).status_code == 405
