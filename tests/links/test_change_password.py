"""Setting, changing and removing a link's password; what is kept of it opens nothing and is shown to nobody."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from sharing import settings as product
from sharing.accounts.models import User
from sharing.addresses.errors import InvalidPassword
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


def send(client: Client, link: Link, password: str) -> int:
    return client.post(reverse("link_settings", args=[link.public_id]), {"password": password}).status_code


def test_it_is_set_changed_and_removed(link: Link, alice_client: Client, visitor: Client) -> None:
    assert send(alice_client, link, "first one") == 302
    assert visitor.get(link.url).status_code == 403
    assert send(alice_client, link, "second one") == 302
    alice_client.post(reverse("link_settings", args=[link.public_id]), {"remove_password": "on"})
    alice_client.post(reverse("link_settings", args=[link.public_id]), {"remove_password": "on"})
    assert visitor.get(link.url).status_code == 200
    actions = Event.objects.filter(action__startswith="link.password").order_by("pk")
    assert [event.action.partition(".")[2] for event in actions] == [
        "password_set",
        "password_changed",
        "password_removed",
    ]


def test_it_is_kept_by_argon2id(alice: User, settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    assert link_to(recorded_file(alice), password="sesame").password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("password", ["   ", "abc", "  abc  ", "x" * 201])
def test_one_too_short_or_too_long_is_explained(link: Link, alice_client: Client, password: str) -> None:
    assert send(alice_client, link, password) == 422
    link.refresh_from_db()
    assert link.password == ""


def test_nor_does_a_new_link_take_one(alice: User) -> None:
    with pytest.raises(InvalidPassword):
        link_to(recorded_file(alice), password="abc")


def test_neither_password_nor_hash_is_ever_shown(
    link: Link, alice: User, alice_client: Client, carol_client: Client
) -> None:
    link.set_password("a secret word", by=alice)
    pages = [
        alice_client.get(link.get_absolute_url()),
        alice_client.get("/"),
        carol_client.get(reverse("admin:links_link_change", args=[link.pk])),
        carol_client.get(reverse("admin:links_link_changelist")),
        carol_client.get(reverse("admin:audit_event_changelist")),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "a secret word" not in page.content.decode()
        assert link.password not in page.content.decode()
    told = str(list(Event.objects.values()))
    assert link.password not in told
    assert "a secret word" not in told


def test_an_outsider_gets_404(link: Link, bob_client: Client) -> None:
    assert send(bob_client, link, "mine now") == 404
    link.refresh_from_db()
    assert link.password == ""
