"""A session's list entry says when it was last seen, and costs little to keep."""

from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-25T12:00:00+00:00")


@pytest.mark.parametrize(("minutes", "seen"), [(4, NOON), (6, NOON + timedelta(minutes=6))])
def test_it_is_noted_once_in_five_minutes(alice: User, minutes: int, seen: datetime) -> None:
    client = Client()
    with time_machine.travel(NOON, tick=False):
        client.force_login(alice)
        client.get("/")
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        client.get("/")
    assert UserSession.objects.get(user=alice).last_seen_at == seen


def test_a_visitor_gets_no_session(visitor: Client) -> None:
    assert not visitor.get("/livez").cookies


def test_a_page_that_is_left_open_is_no_activity(alice: User) -> None:
    client = Client()
    with time_machine.travel(NOON, tick=False):
        client.force_login(alice)
        client.get("/")
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        client.get(reverse("changes"))
    assert UserSession.objects.get(user=alice).last_seen_at == NOON
