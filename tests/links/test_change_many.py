"""Several links are extended or revoked at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import link_to, recorded_file
from tests.html import flat

pytestmark = pytest.mark.django_db
EXTENSION, REVOCATION, DELETION = "/links/extension/", "/links/revocation/", "/links/deletion/"


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
    for address in (EXTENSION, REVOCATION, DELETION):
        assert "Select links first." in change(alice_client, address)


def test_links_of_others_are_left_alone(links: list[Link], bob_client: Client, visitor: Client) -> None:
    for address in (EXTENSION, REVOCATION, DELETION):
        assert bob_client.post(address, {"link": links[0].public_id}).status_code == 404
    assert visitor.get(links[0].url).status_code == 200


def test_get_is_refused(alice_client: Client) -> None:
    for address in (EXTENSION, REVOCATION, DELETION):
        assert alice_client.get(address).status_code == 405


def test_those_that_were_ticked_are_deleted(
    links: list[Link], alice: User, alice_client: Client, visitor: Client
) -> None:
    page = change(alice_client, DELETION, *links[:2])
    assert "Deleted 2 links." in page
    assert "Link 2" in page
    assert "Link 0" not in page
    assert [visitor.get(link.url).status_code for link in links] == [410, 410, 200]
    assert alice_client.get(links[0].get_absolute_url()).status_code == 404
    assert alice_client.get(links[0].files.all()[0].get_absolute_url()).status_code == 200
    assert [event.actor for event in Event.objects.filter(action="link.deleted")] == [alice, alice]


def test_deleting_again_changes_nothing(links: list[Link], alice: User) -> None:
    for _ in range(2):
        links[0].delete_by(alice)
    assert Event.objects.filter(action="link.deleted").count() == 1


@pytest.mark.parametrize(("query", "left"), [("", set()), ("special", {"Link 0", "Link 1", "Link 2"})])
def test_all_that_a_search_found_are_meant_across_pages(
    links: list[Link], alice: User, bob: User, alice_client: Client, query: str, left: set[str]
) -> None:
    for number in range(30):
        link_to(recorded_file(alice, name="special.txt"), title=f"{number}")
    link_to(recorded_file(bob, name="special.txt"))
    page = flat(alice_client.get("/", {"q": query}).content.decode())
    assert ("All 30 that were found" if query else "All 33 links") in page
    alice_client.post(DELETION, {"found": "all", "q": query})
    assert {link.title for link in alice.links.filter(deleted_at=None)} == left
    assert bob.links.filter(deleted_at=None).count() == 1
