"""One click gives an expired link a week more."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-25T12:00:00+00:00")
LATER = NOW + timedelta(days=30)


@pytest.fixture
def link(alice: User) -> Link:
    with time_machine.travel(NOW, tick=False):
        return link_to(recorded_file(alice))


def extend(client: Client, link: Link, **fields: str) -> str:
    answer = client.post(reverse("link_extension", args=[link.public_id]), fields)
    assert answer.status_code == 302
    return answer["Location"]


def test_it_opens_again_for_a_week(link: Link, alice: User, alice_client: Client, visitor: Client) -> None:
    with time_machine.travel(LATER, tick=False):
        alice_client.force_login(alice)
        assert "Extend" in alice_client.get("/").content.decode()
        assert visitor.get(link.url).status_code == 410
        assert extend(alice_client, link) == link.get_absolute_url()
        assert visitor.get(link.url).status_code == 200
    link.refresh_from_db()
    assert link.expires_at == LATER + timedelta(days=7)


def test_twice_is_once(link: Link, alice: User) -> None:
    with time_machine.travel(LATER, tick=False):
        link.extend(by=alice)
        link.extend(by=alice)
    assert link.expires_at == LATER + timedelta(days=7)
    assert Event.objects.filter(action="link.expiry_changed").count() == 1


@pytest.mark.parametrize(
    "back",
    ["/?q=plan&links-page=2#links", "https://elsewhere.example/", "//elsewhere.example", "elsewhere", "😀"],
)
def test_it_leads_back_to_where_it_was_pressed_on_this_site_alone(
    link: Link, alice_client: Client, back: str
) -> None:
    expected = back if back.startswith("/?") else link.get_absolute_url()
    assert extend(alice_client, link, next=back) == expected


def test_an_outsider_gets_404(link: Link, bob_client: Client) -> None:
    assert bob_client.post(reverse("link_extension", args=[link.public_id])).status_code == 404


def test_get_is_refused(link: Link, alice_client: Client) -> None:
    assert alice_client.get(reverse("link_extension", args=[link.public_id])).status_code == 405
