"""Changing a link's rules by API: what is left out stays."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


def change(client: Client, link: Link, **data: Any) -> Any:
    address = f"/api/v1/links/{link.public_id}/"
    return client.patch(address, json.dumps(data), content_type="application/json")


def test_owner_changes_one_rule_and_the_others_stay(link: Link, alice_client: Client) -> None:
    before = link.expires_at
    answer = change(alice_client, link, password="open sesame").json()
    assert (answer["has_password"], answer["download_limit"]) == (True, None)
    link.refresh_from_db()
    assert link.expires_at == before


def test_every_rule_can_change_at_once(link: Link, alice_client: Client) -> None:
    rules = {"title": "Plans", "message": "Hello", "expiry": "day", "download_limit": 3}
    answer = change(alice_client, link, **rules).json()
    assert (answer["title"], answer["download_limit"]) == ("Plans", 3)
    link.refresh_from_db()
    assert link.message == "Hello"
    assert link.expires_at is not None
    assert abs(link.expires_at - timezone.now() - timedelta(days=1)) < timedelta(minutes=1)


def test_a_title_alone_keeps_the_message(link: Link, alice: User, alice_client: Client) -> None:
    link.reword(title="", message="Hello", by=alice)
    change(alice_client, link, title="Plans")
    link.refresh_from_db()
    assert (link.title, link.message) == ("Plans", "Hello")


def test_an_empty_password_removes_it_and_null_lifts_the_limit(
    link: Link, alice: User, alice_client: Client
) -> None:
    link.set_password("open sesame", by=alice)
    link.limit_downloads(1, by=alice)
    answer = change(alice_client, link, password="", download_limit=None).json()
    assert (answer["has_password"], answer["download_limit"]) == (False, None)


def test_one_that_is_refused_changes_nothing(link: Link, alice_client: Client) -> None:
    events = Event.objects.count()
    answer = change(alice_client, link, title="Plans", password="abc")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-password")
    link.refresh_from_db()
    assert link.title == ""
    assert Event.objects.count() == events


def test_outsider_gets_404(link: Link, bob_client: Client) -> None:
    assert change(bob_client, link, title="Mine").status_code == 404
