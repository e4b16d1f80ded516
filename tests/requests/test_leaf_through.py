"""Leafing through what arrived by a request, what one guest sent, and all requests: page by page, or by searching."""

import re
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import File, UploadSpec
from sharing.listing import ROWS
from sharing.requests.models import FileRequest, Guest
from tests.html import flat
from tests.requests.factories import all_arrived, arrived, guest_at, known_guest, request_of, start

pytestmark = pytest.mark.django_db
MORE = 5
MANY = ROWS + MORE
SCANS = [f"scan-{number:02}.pdf" for number in range(MANY)]
NEWEST_FIRST = SCANS[::-1]


@pytest.fixture
def file_request(alice: User) -> FileRequest:
    return request_of(alice, title="Tax papers")


def page(client: Client, path: str, **query: str) -> str:
    return client.get(path, query).content.decode()


def scans_on(shown: str) -> list[str]:
    return re.findall(r"<bdi>(scan-\d\d\.pdf)</bdi>", shown)


def count_on(shown: str) -> str:
    found = re.search(r'<span class="count figure">([^<]+)</span>', shown)
    assert found
    return found[1]


def send_many(guest: Guest) -> list[File]:
    return all_arrived(guest, *(UploadSpec(name=name, size=5) for name in SCANS))


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, path)
    return len(captured)


def test_what_arrived_is_paged_and_counted_whole(file_request: FileRequest, alice_client: Client) -> None:
    send_many(known_guest(file_request))
    show = partial(page, alice_client, file_request.get_absolute_url())
    first, second = show(), show(**{"arrived-page": "2"})
    assert scans_on(first) == NEWEST_FIRST[:ROWS]
    assert scans_on(second) == NEWEST_FIRST[ROWS:]
    assert [count_on(first), count_on(second)] == [str(MANY)] * 2
    assert f'rel="next" href="{file_request.get_absolute_url()}?arrived-page=2#arrived"' in flat(first)
    assert 'id="arrived"' in first


def test_few_are_one_page_without_a_search(file_request: FileRequest, alice_client: Client) -> None:
    arrived(known_guest(file_request))
    ann = guest_at(file_request)
    start(ann, file_request)
    for client, path in (
        (alice_client, file_request.get_absolute_url()),
        (alice_client, reverse("file_requests")),
        (ann, file_request.path),
    ):
        shown = page(client, path)
        assert "Pages of" not in shown
        assert 'type="search"' not in shown


@pytest.mark.parametrize(
    ("order", "first"), [("newest", "c.txt"), ("oldest", "b.txt"), ("name", "a.txt"), ("largest", "b.txt")]
)
def test_what_arrived_sorts(file_request: FileRequest, alice_client: Client, order: str, first: str) -> None:
    sizes = {"b.txt": 9, "a.txt": 2, "c.txt": 1}
    all_arrived(
        known_guest(file_request), *(UploadSpec(name=name, size=size) for name, size in sizes.items())
    )
    shown = page(alice_client, file_request.get_absolute_url(), **{"arrived-sort": order})
    assert re.findall(r"<bdi>([abc]\.txt)</bdi>", shown)[0] == first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("invoice", {"invoice.pdf"}),
        ("PAPERS", {"invoice.pdf"}),
        ("ben", {"plan.pdf"}),
        ("eve@example", {"photo.png"}),
        ("nothing like it", set()),
    ],
)
def test_what_arrived_is_found_by_name_folder_and_sender(
    file_request: FileRequest, alice_client: Client, query: str, found: set[str]
) -> None:
    all_arrived(known_guest(file_request, "Ann"), UploadSpec(name="invoice.pdf", path="papers/2025", size=5))
    arrived(known_guest(file_request, "Ben"), "plan.pdf")
    arrived(known_guest(file_request, "", email="eve@example.com"), "photo.png")
    shown = page(alice_client, file_request.get_absolute_url(), q=query)
    assert {name for name in ("invoice.pdf", "plan.pdf", "photo.png") if name in shown} == found
    assert ("No files match" in shown) == (not found)


def test_a_search_stays_within_the_request(
    file_request: FileRequest, alice: User, alice_client: Client
) -> None:
    arrived(known_guest(request_of(alice)), "elsewhere.pdf")
    arrived(known_guest(file_request), "here.pdf")
    shown = page(alice_client, file_request.get_absolute_url(), q=".pdf")
    assert "here.pdf" in shown
    assert "elsewhere.pdf" not in shown


def test_its_queries_do_not_grow_with_its_rows(file_request: FileRequest, alice_client: Client) -> None:
    arrived(known_guest(file_request))
    path = file_request.get_absolute_url()
    queries_of(alice_client, path)
    few = queries_of(alice_client, path)
    send_many(known_guest(file_request, "Ben"))
    assert queries_of(alice_client, path) == few


def test_beside_a_form_that_was_refused_the_rest_is_a_link_away(
    file_request: FileRequest, alice_client: Client
) -> None:
    """Its address takes no GET: another page of it could not be had."""
    send_many(known_guest(file_request))
    answer = alice_client.post(
        reverse("file_request_settings", args=[file_request.public_id]), {"name": "日本語"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'rel="next" href="{file_request.get_absolute_url()}?arrived-page=2#arrived"' in flat(shown)
    assert f'action="{file_request.get_absolute_url()}#arrived"' in shown
    assert 'href="?' not in shown


def test_a_guest_leafs_through_what_they_sent_and_nothing_else(file_request: FileRequest) -> None:
    ann, ben = guest_at(file_request, "Ann"), guest_at(file_request, "Ben")
    send_many(file_request.guests.get(name="Ann"))
    arrived(file_request.guests.get(name="Ben"), "bens.pdf")
    first, second = page(ann, file_request.path), page(ann, file_request.path, **{"sent-page": "2"})
    assert (len(scans_on(first)), len(scans_on(second))) == (ROWS, MORE)
    assert {*scans_on(first), *scans_on(second)} == set(SCANS)
    assert [count_on(first), count_on(second)] == [str(MANY)] * 2
    assert 'rel="next" href="?sent-page=2#sent"' in flat(first)
    assert 'id="sent"' in first
    assert scans_on(page(ann, file_request.path, q="scan-07")) == ["scan-07.pdf"]
    assert "bens.pdf" not in page(ann, file_request.path, q="bens")
    assert scans_on(page(ben, file_request.path, q="scan")) == []


def test_what_a_guest_took_back_is_not_counted(file_request: FileRequest) -> None:
    ann = guest_at(file_request)
    [first, *_] = send_many(file_request.guests.get())
    ann.post(reverse("request_upload_withdrawal", args=[file_request.address, first.upload.pk]))
    assert count_on(page(ann, file_request.path)) == str(MANY - 1)


def test_requests_are_paged_and_found_by_title(alice: User, bob: User, alice_client: Client) -> None:
    titles = [f"Papers {number:02}" for number in range(MANY)]
    for title in titles:
        request_of(alice, title=title)
    request_of(bob, title="Papers of Bob")
    show = partial(page, alice_client, reverse("file_requests"))
    first, second = (re.findall(r"Papers \w+", shown) for shown in (show(), show(**{"requests-page": "2"})))
    assert [*first, *second] == titles[::-1]
    assert len(first) == ROWS
    assert re.findall(r"Papers \w+", show(q="papers 07")) == ["Papers 07"]
    assert "No requests match" in show(q="Bob")
