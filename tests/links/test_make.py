"""Making a link from a file."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing import tokens
from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import link_to, recorded_file, started_upload

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-25T12:00:00+00:00")


@pytest.mark.parametrize(
    ("preset", "life"),
    [
        ("hour", timedelta(hours=1)),
        ("day", timedelta(days=1)),
        ("week", timedelta(days=7)),
        ("month", timedelta(days=30)),
    ],
)
def test_a_preset_sets_the_expiry(alice: User, alice_client: Client, preset: str, life: timedelta) -> None:
    file = recorded_file(alice)
    with time_machine.travel(NOW, tick=False):
        alice_client.force_login(alice)
        alice_client.post(reverse("file_links", args=[file.pk]), {"expiry": preset})
    assert Link.objects.get().expires_at == NOW + life


def test_a_date_sets_the_expiry(alice: User, alice_client: Client) -> None:
    file, day = recorded_file(alice), timezone.now() + timedelta(days=3)
    fields = {"expiry": "date", "expires_on": f"{day:%Y-%m-%dT%H:%M}", "title": "Plans", "message": "Hello"}
    answer = alice_client.post(reverse("file_links", args=[file.pk]), fields)
    link = Link.objects.get()
    assert answer["Location"] == link.get_absolute_url()
    assert link.expires_at == day.replace(second=0, microsecond=0)
    assert (link.title, link.message, list(link.files.all())) == ("Plans", "Hello", [file])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expiry": "date", "expires_on": "2020-01-01T00:00"}, "in the past"),
        ({"expiry": "date", "expires_on": "2999-01-01T00:00"}, "last 366 days at most"),
        ({"expiry": "date"}, "Choose a date and time"),
        ({"expiry": "date", "expires_on": "soon"}, "valid date"),
        ({"expiry": "for ever"}, "not one of the available choices"),
        ({}, "required"),
    ],
)
def test_a_bad_expiry_is_explained(
    alice: User, alice_client: Client, fields: dict[str, str], words: str
) -> None:
    file = recorded_file(alice)
    fields |= {"message": "not to be lost"}
    answer = alice_client.post(reverse("file_links", args=[file.pk]), fields)
    assert answer.status_code == 422
    assert "not to be lost" in answer.content.decode()
    assert words in answer.content.decode()
    assert not Link.objects.exists()


def test_it_is_recorded_without_its_token(alice: User) -> None:
    link = link_to(recorded_file(alice))
    event = Event.objects.get(action="link.made")
    assert event.actor == alice
    assert link.token not in f"{event.details}{event.subject_label}{event.subject_id}"


def test_a_file_that_is_still_on_its_way_can_have_one(alice: User) -> None:
    link = link_to(started_upload(alice, 20_000_000).file)
    assert Link.objects.with_contents().get(pk=link.pk).state == Link.State.ARRIVING


def test_the_database_holds_nothing_that_opens_a_link(alice: User) -> None:
    link = link_to(recorded_file(alice))
    stored = " ".join(str(value) for value in Link.objects.values().get(pk=link.pk).values())
    assert link.token not in stored
    assert link.token[tokens.ID_LENGTH :] not in stored


def test_an_outsider_gets_404(alice: User, bob_client: Client) -> None:
    file = recorded_file(alice)
    assert bob_client.post(reverse("file_links", args=[file.pk]), {"expiry": "day"}).status_code == 404
    assert not Link.objects.exists()


def test_get_is_refused(alice: User, alice_client: Client) -> None:
    assert alice_client.get(reverse("file_links", args=[recorded_file(alice).pk])).status_code == 405
