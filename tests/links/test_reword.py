"""A link's title and message, changed after it was made: a mistake must not cost its address."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import link_to, recorded_file
from tests.html import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice), title="Tax retrun", message="Here you are.")


def send(client: Client, link: Link, title: str, message: str = "Here you are.") -> int:
    return client.post(
        reverse("link_settings", args=[link.public_id]), {"title": title, "message": message}
    ).status_code


def test_who_opens_it_reads_the_new_words(link: Link, alice_client: Client, visitor: Client) -> None:
    assert send(alice_client, link, "Tax return", "And the receipts.") == 302
    page = visitor.get(link.url).content.decode()
    assert "Tax return" in page
    assert "And the receipts." in page
    assert "retrun" not in page


def test_it_stands_in_the_history_once(link: Link, alice: User, alice_client: Client) -> None:
    for _ in range(2):
        send(alice_client, link, "Tax return")
    event = Event.objects.get(action="link.words_changed")
    assert (event.actor, event.details) == (alice, {"before": "Tax retrun", "title": "Tax return"})
    page = alice_client.get(link.get_absolute_url()).content.decode()
    assert "Title changed to “<bdi>Tax return</bdi>”" in flat(page)


def test_words_that_are_too_long_are_refused_and_stay_in_sight(link: Link, alice_client: Client) -> None:
    answer = alice_client.post(reverse("link_settings", args=[link.public_id]), {"title": "x" * 201})
    assert answer.status_code == 422
    assert "x" * 201 in answer.content.decode()
    link.refresh_from_db()
    assert link.title == "Tax retrun"


def test_another_user_changes_nothing(link: Link, bob_client: Client) -> None:
    assert send(bob_client, link, "Mine") == 404
