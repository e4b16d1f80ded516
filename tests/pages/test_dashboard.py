"""The dashboard: one's own files and links, with search, sorting and paging."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sharing.accounts.models import User
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db
DASHBOARD = "/"


def page(client: Client, **query: str) -> str:
    return client.get(DASHBOARD, query).content.decode()


def test_a_visitor_is_asked_to_sign_in(visitor: Client) -> None:
    assert visitor.get(DASHBOARD)["Location"] == f"{reverse('account_login')}?next=/"


def test_it_shows_ones_own_files_and_links_alone(alice: User, bob: User, alice_client: Client) -> None:
    link_to(recorded_file(alice, name="mine.txt"), title="My link")
    link_to(recorded_file(bob, name="theirs.txt"), title="Their link")
    shown = page(alice_client)
    assert "mine.txt" in shown
    assert "My link" in shown
    assert "theirs.txt" not in shown
    assert "Their link" not in shown


def test_search_finds_files_and_the_links_they_are_in(alice: User, alice_client: Client) -> None:
    link_to(recorded_file(alice, name="invoice.pdf"), title="For the tax office")
    link_to(recorded_file(alice, name="holiday.jpg"), title="Beach")
    shown = page(alice_client, q="invoice")
    assert "For the tax office" in shown
    assert "holiday.jpg" not in shown
    assert "Beach" not in shown


@pytest.mark.parametrize(
    ("order", "first"), [("newest", "b.txt"), ("oldest", "a.txt"), ("name", "a.txt"), ("largest", "a.txt")]
)
def test_files_sort(alice: User, alice_client: Client, order: str, first: str) -> None:
    recorded_file(alice, name="a.txt", size=9)
    recorded_file(alice, name="b.txt", size=1)
    shown = page(alice_client, **{"files-sort": order})
    other = "b.txt" if first == "a.txt" else "a.txt"
    assert shown.index(first) < shown.index(other)


def test_a_long_list_is_paged(alice: User, alice_client: Client) -> None:
    for number in range(30):
        recorded_file(alice, name=f"file-{number:02}.txt")
    first, second = page(alice_client), page(alice_client, **{"files-page": "2"})
    assert "file-29.txt" in first
    assert "file-00.txt" not in first
    assert "file-00.txt" in second


@pytest.mark.parametrize(
    "query", [{"files-page": "x"}, {"links-page": "-1"}, {"files-sort": "; DROP"}, {"q": "%_'\""}]
)
def test_nonsense_in_the_address_does_no_harm(alice_client: Client, query: dict[str, str]) -> None:
    assert alice_client.get(DASHBOARD, query).status_code == 200


def test_its_queries_do_not_grow_with_its_rows(alice: User, alice_client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(alice_client)
        return len(captured)

    link_to(recorded_file(alice))
    queries()
    few = queries()
    for _ in range(20):
        link_to(recorded_file(alice), recorded_file(alice, has_thumbnail=True))
    assert queries() == few


def test_an_empty_one_says_what_to_do(alice_client: Client) -> None:
    assert "Drop files" in page(alice_client)
