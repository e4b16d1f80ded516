"""A database that takes no writes: what can be shown is shown, and each refusal says what it is (line 16)."""

import shutil
from collections import namedtuple

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.links.models import Download, Recipient
from sharing.pages.views import health
from tests.factories import kept_file, link_to
from tests.people import PASSWORD
from tests.readonly import read_only_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bucket")]


def stranger() -> Client:
    """Sees what a browser would of an exception."""
    return Client(raise_request_exception=False)


READ_ONLY = "The database is read-only at the moment"


def test_a_landing_page_is_shown_though_its_view_cannot_be_counted(alice: User) -> None:
    link = link_to(kept_file(alice, name="plan.txt"))
    recipient = Recipient.objects.create(link=link, email="ann@example.com")
    with read_only_database():
        pages = [Client().get(url) for url in (link.url, recipient.url)]
    assert [(page.status_code, b"plan.txt" in page.content) for page in pages] == [(200, True)] * 2


def test_a_link_that_has_ended_says_so_though_that_cannot_be_noted(alice: User) -> None:
    link = link_to(kept_file(alice))
    link.revoke(by=alice)
    with read_only_database():
        assert Client().get(link.url).status_code == 410


def test_a_preview_is_shown_at_a_url_that_lives_shortly(alice: User) -> None:
    file = kept_file(alice)
    link = link_to(file)
    with read_only_database():
        answer = Client().get(reverse("landing_preview", args=[link.token, file.pk]))
    assert answer.status_code == 303
    assert "X-Amz-Expires=900&" in answer["Location"]


@pytest.mark.parametrize("limit", [1, None])
def test_a_download_that_cannot_be_recorded_is_refused_as_what_it_is(alice: User, limit: int | None) -> None:
    file = kept_file(alice)
    link = link_to(file, download_limit=limit)
    with read_only_database():
        answer = stranger().post(reverse("landing_download", args=[link.token, file.pk]))
    assert answer.status_code == 503
    assert READ_ONLY in answer.content.decode()
    assert Download.objects.count() == 0


def test_a_password_that_cannot_be_counted_is_not_one_too_many(alice: User) -> None:
    link = link_to(kept_file(alice), password="open sesame")
    with read_only_database():
        answer = stranger().post(link.url, {"password": "wrong"})
    assert answer.status_code == 503
    assert READ_ONLY in answer.content.decode()


def test_a_sign_in_says_what_it_is_and_not_too_many_tries(alice: User) -> None:
    alice.set_password(PASSWORD)
    alice.save()
    with read_only_database():
        answer = stranger().post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert answer.status_code == 503
    assert READ_ONLY in answer.content.decode()


def test_the_api_says_it_as_a_problem(alice: User, alice_client: Client) -> None:
    alice_client.raise_request_exception = False
    body = {"name": "a.txt", "size": 5}
    with read_only_database():
        answer = alice_client.post("/api/v1/uploads/", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")


@pytest.mark.parametrize("page", ["dashboard", "trash"])
def test_pages_of_who_is_signed_in_are_shown(alice_client: Client, page: str) -> None:
    with read_only_database():
        assert alice_client.get(reverse(page)).status_code == 200


def test_the_cache_says_that_it_takes_no_writes(alice: User) -> None:
    cache.add("here", 1)
    with read_only_database():
        with pytest.raises(DatabaseError):
            cache.add("new", 1)
        with pytest.raises(DatabaseError):
            cache.set("here", 2)
    assert (cache.add("here", 2), cache.get("here"), cache.add("new", 3)) == (False, 1, True)


def test_readyz_says_that_the_database_takes_no_writes(visitor: Client) -> None:
    with read_only_database():
        answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "failing")
    assert visitor.get("/readyz").json()["database"] == "ok"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's disk is another machine's")
def test_readyz_says_that_the_disk_is_full(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 100, health.LEAST_FREE_BYTES - 1))
    assert visitor.get("/readyz").json()["database"] == "failing"
