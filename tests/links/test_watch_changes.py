"""An open page of an owner asks every few seconds whether anything has happened that it shows."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.links.models import Download, Link, TimeRequest
from sharing.links.page_version import page_version
from tests.factories import link_to, recorded_file
from tests.requests.factories import arrived, known_guest, request_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


def download(link: Link) -> None:
    Download.objects.create(link=link, file=link.files.get())


def ask(client: Client, link: Link, version: str = "") -> "tuple[int, str]":
    """Return the status and the version that the answer tells."""
    answer = client.get(
        reverse("changes"), {"link": link.public_id}, headers={"If-None-Match": f'"{version}"'}
    )
    assert answer.content == b""
    return answer.status_code, answer["ETag"].strip('"')


def test_nothing_has_happened(link: Link, alice_client: Client) -> None:
    status, version = ask(alice_client, link)
    assert status == 200
    assert ask(alice_client, link, version) == (304, version)


CHANGES: dict[str, Callable[[Link], object]] = {
    "a view": lambda link: link.count_views(),
    "a download": download,
    "an expired link's visitor": lambda link: TimeRequest.objects.ask(link, None, network="192.0.2.0"),
    "a change elsewhere": lambda link: link.revoke(by=link.owner),
    "a file by a request": lambda link: arrived(known_guest(request_of(link.owner))),
    "a link from elsewhere": lambda link: link_to(link.files.get()),
}


@pytest.mark.parametrize("happen", CHANGES.values(), ids=[*CHANGES])
def test_it_has_changed_after(happen: Callable[[Link], object], link: Link, alice_client: Client) -> None:
    _status, version = ask(alice_client, link)
    happen(link)
    status, changed = ask(alice_client, link, version)
    assert (status, changed != version) == (200, True)


def test_what_happens_to_others_is_not_told(link: Link, alice: User, bob: User, bob_client: Client) -> None:
    """Nor by naming their links."""
    _status, version = ask(bob_client, link)
    for happen in (download, Link.count_views):
        happen(link)
    arrived(known_guest(request_of(alice)))
    assert ask(bob_client, link, version) == (304, version)
    assert page_version(bob, [link.public_id]) == page_version(bob, ["nothing"])


def test_it_changes_nothing_and_takes_two_queries(
    link: Link, alice: User, alice_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Nor does the session say that somebody was there: a page that is left open would say so for ever."""
    version = page_version(alice, [link.public_id])
    with CaptureQueriesContext(connection) as captured:
        assert ask(alice_client, link, version) == (304, version)
    assert [query["sql"][:6] for query in captured] == ["SELECT"] * 4  # with the session and its user
    links = [link_to(recorded_file(alice)).public_id for _ in range(5)]
    with django_assert_num_queries(2):
        page_version(alice, links)


def test_who_is_signed_out_is_sent_to_sign_in(link: Link, visitor: Client) -> None:
    answer = visitor.get(reverse("changes"), {"link": link.public_id})
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_a_post_is_refused(alice_client: Client) -> None:
    assert alice_client.post(reverse("changes")).status_code == 405


@pytest.mark.parametrize("page", ["dashboard", "link", "request", "requests"])
def test_a_page_knows_what_to_ask(link: Link, alice: User, alice_client: Client, page: str) -> None:
    paths = {
        "dashboard": reverse("dashboard"),
        "link": link.get_absolute_url(),
        "request": request_of(alice).get_absolute_url(),
        "requests": reverse("file_requests"),
    }
    shown = alice_client.get(paths[page])
    # As its script does.
    rows = re.findall(r'<tr role="row" id="link-([^"]+)"', shown.content.decode())
    assert rows == ([link.public_id] if page == "dashboard" else [])
    live = shown.context["live"]
    url = f"{live.url}?{urlencode({'link': rows}, doseq=True)}" if rows else live.url
    assert alice_client.get(url, headers={"If-None-Match": f'"{live.version}"'}).status_code == 304


def test_a_refused_form_s_page_asks_nothing(link: Link, alice_client: Client) -> None:
    """The part at its address cannot be asked for again."""
    answer = alice_client.post(reverse("link_recipients", args=[link.public_id]), {"addresses": "nobody"})
    assert "live-parts" not in answer.content.decode()


def test_the_dashboard_says_that_more_time_was_asked_for(link: Link, alice_client: Client) -> None:
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    assert "asked for more time" not in alice_client.get("/").content.decode()
    TimeRequest.objects.ask(link, None, network="192.0.2.0")
    assert "asked for more time" in alice_client.get("/").content.decode()
    link.refresh_from_db()
    link.extend(by=link.owner)
    assert "asked for more time" not in alice_client.get("/").content.decode()
