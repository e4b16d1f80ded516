"""Opening a link: what a visitor sees in each state. Looking spends nothing."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Download, Item, Link
from tests.factories import link_to, recorded_file, started_upload

pytestmark = pytest.mark.django_db

MACHINES = 5


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice, name="plan.pdf"), title="The plan", message="As promised.")


def test_it_says_what_from_whom_and_how_large(link: Link, visitor: Client) -> None:
    page = visitor.get(link.url).content.decode()
    for words in ("The plan", "As promised.", "Alice", "plan.pdf", "5 bytes", link.number):
        assert words in page


def test_a_view_is_counted_and_nothing_is_spent(link: Link, visitor: Client) -> None:
    for _ in range(3):
        assert visitor.get(link.url).status_code == 200
    visitor.head(link.url)
    link.refresh_from_db()
    assert link.view_count == 3
    assert not Download.objects.exists()


@pytest.mark.usefixtures("views_pending")
def test_it_takes_two_queries(
    link: Link,
    visitor: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    visitor.get(link.url)
    with django_assert_num_queries(2):
        visitor.get(link.url)


def test_it_leaves_no_cookie_no_trace_and_no_referrer(link: Link, visitor: Client) -> None:
    answer = visitor.get(link.url)
    assert not answer.cookies
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"


def test_an_expired_link_is_gone(link: Link, visitor: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        answer = visitor.get(link.url)
    assert answer.status_code == 410
    assert "plan.pdf" not in answer.content.decode()


def test_it_is_open_until_the_second_it_expires(link: Link, visitor: Client) -> None:
    assert link.expires_at
    with time_machine.travel(link.expires_at - timedelta(seconds=1), tick=False):
        assert visitor.get(link.url).status_code == 200
    with time_machine.travel(link.expires_at, tick=False):
        assert visitor.get(link.url).status_code == 410


def test_a_revoked_link_is_gone_and_tells_nothing(link: Link, visitor: Client, alice: User) -> None:
    link.revoke(by=alice)
    answer = visitor.get(link.url)
    assert answer.status_code == 410
    for secret in ("plan.pdf", "The plan", "As promised"):
        assert secret not in answer.content.decode()


def test_a_used_up_link_is_gone(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice), download_limit=1)
    link.items.update(download_count=1)
    assert visitor.get(link.url).status_code == 410


def test_a_suspended_owner_stops_every_link_at_once(link: Link, visitor: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    answer = visitor.get(link.url)
    assert answer.status_code == 410
    assert "plan.pdf" not in answer.content.decode()
    assert (
        visitor.post(reverse("landing_download", args=[link.token, link.files.get().pk])).status_code == 410
    )


def test_a_file_still_on_its_way_is_announced(alice: User, visitor: Client) -> None:
    answer = visitor.get(link_to(started_upload(alice, 20_000_000).file).url)
    assert answer.status_code == 200
    assert "still uploading" in answer.content.decode().lower()


def test_a_link_that_never_expires_stays_open(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice), expires_in=None)
    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        assert visitor.get(link.url).status_code == 200


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: t[:12], lambda t: "x"]
)
def test_an_unknown_token_is_not_found(link: Link, visitor: Client, change: object) -> None:
    assert callable(change)
    assert visitor.get(reverse("landing", args=[change(link.token)])).status_code == 404


def test_a_token_survives_a_new_secret_key_while_the_old_one_is_a_fallback(
    link: Link, visitor: Client
) -> None:
    from django.conf import settings

    address, old = link.url, settings.SECRET_KEY
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[old]):
        assert visitor.get(address).status_code == 200
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[]):
        assert visitor.get(address).status_code == 404


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.svg", '"><img src=x onerror=alert(1)>', "\u202egpj.exe"]
)
def test_a_name_cannot_become_markup_or_turn_the_page_around(alice: User, visitor: Client, name: str) -> None:
    page = visitor.get(link_to(recorded_file(alice, name=name)).url).content.decode()
    assert name not in page


def test_who_comes_too_late_stands_in_the_history_once_a_day(
    link: Link, visitor: Client, alice_client: Client
) -> None:
    with time_machine.travel(link.created_at + timedelta(days=8)):
        for _ in range(3):
            assert visitor.get(link.url).status_code == 410
        event = Event.objects.get(action="link.refused")
        assert (event.subject_id, event.details) == (str(link.pk), {"reason": "expired"})
    with time_machine.travel(link.created_at + timedelta(days=9, seconds=2)):
        assert visitor.get(link.url).status_code == 410
    assert Event.objects.filter(action="link.refused").count() == 2
    assert "came after the link had expired" in alice_client.get(link.get_absolute_url()).content.decode()


def test_machines_that_follow_what_they_find_spend_nothing(alice: User) -> None:
    """Scanners of mail, and what draws cards in chats: each address by GET, with no cookies."""
    link = link_to(*(recorded_file(alice, name=f"{number}.txt") for number in range(3)), download_limit=1)
    for _ in range(MACHINES):
        page = Client().get(link.url).content.decode()
        for address in set(re.findall(r'(?:href|src|action|formaction|content)="([^"]*/s/[^"]*)"', page)):
            Client().get(urlsplit(unescape(address)).path)
    assert not Download.objects.exists()
    assert not Item.objects.exclude(download_count=0).exists()
    assert Client().get(link.url).status_code == 200
