"""Defaults for new links: a user's own, the site's, and the longest expiry that the operator allows."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.addresses.expiry import choices, default_preset
from sharing.links.models import Link
from tests.factories import recorded_file

pytestmark = pytest.mark.django_db
PAGE = reverse("link_defaults")


def make(client: Client, owner: User, **rules: Any) -> Any:
    body = json.dumps({"files": [str(recorded_file(owner).pk)], **rules})
    return client.post("/api/v1/links/", body, content_type="application/json")


def days_left(link: Link) -> int:
    assert link.expires_at
    return round((link.expires_at - timezone.now()) / timedelta(days=1))


def test_without_a_word_a_link_lasts_as_long_as_the_site_says(
    alice: User, alice_client: Client, settings: LazySettings
) -> None:
    settings.DEFAULT_EXPIRY = "month"
    make(alice_client, alice)
    assert days_left(Link.objects.get()) == 30


def test_owner_sets_defaults_for_links_that_are_made_afterwards(alice: User, alice_client: Client) -> None:
    answer = alice_client.post(PAGE, {"default_expiry": "day"})
    assert answer.headers["Location"] == PAGE
    make(alice_client, alice)
    link = Link.objects.get()
    assert (days_left(link), link.previews_allowed) == (1, False)
    page = alice_client.get(recorded_file(alice).get_absolute_url()).content.decode()
    assert 'name="expiry" value="day" checked' in " ".join(page.split())


def test_what_is_chosen_wins_over_the_defaults(alice: User, alice_client: Client) -> None:
    alice_client.post(PAGE, {"default_expiry": "day"})
    make(alice_client, alice, expiry="month", previews_allowed=True)
    link = Link.objects.get()
    assert (days_left(link), link.previews_allowed) == (30, True)


def test_the_longest_expiry_bounds_choices_defaults_and_dates(
    alice: User, alice_client: Client, settings: LazySettings
) -> None:
    settings.LONGEST_EXPIRY_DAYS = 3
    settings.LINKS_MAY_LIVE_FOREVER = False
    assert [preset for preset, _label in choices()] == ["hour", "day"]
    assert default_preset("month") == "day"
    refused = make(alice_client, alice, expiry="week")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-expiry")
    make(alice_client, alice)
    assert days_left(Link.objects.get()) == 1


def test_a_default_that_is_none_is_refused(alice: User, alice_client: Client) -> None:
    assert alice_client.post(PAGE, {"default_expiry": "century"}).status_code == 200
    alice.refresh_from_db()
    assert alice.default_expiry == ""
