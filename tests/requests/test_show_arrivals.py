"""A request's page tells its owner what arrived, from whom and when, and shows its QR code."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.requests.models import FileRequest
from tests.html import flat
from tests.requests.factories import arrived, known_guest, request_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def file_request(alice: User) -> FileRequest:
    return request_of(alice, title="Tax papers")


def history(client: Client, file_request: FileRequest) -> str:
    page = flat(client.get(file_request.get_absolute_url()).content.decode())
    return page.partition('<ol class="history">')[2].partition("</ol>")[0]


def test_files_sent_together_are_one_entry(alice_client: Client, file_request: FileRequest) -> None:
    ann = known_guest(file_request, "Ann")
    for number in range(3):
        arrived(ann, f"{number}.pdf", size=1000)
    told = history(alice_client, file_request)
    assert "<bdi>Ann</bdi> sent 3 files (3 kB)" in told
    assert told.count("<li") == 2  # and that it was created


def test_each_guest_and_each_hour_has_an_entry_newest_first(
    alice_client: Client, file_request: FileRequest
) -> None:
    ann, ben = known_guest(file_request, "Ann"), known_guest(file_request, "Ben")
    now = timezone.now()
    for hours, guest in ((1, ann), (3, ben), (5, ann)):
        with time_machine.travel(now + timedelta(hours=hours)):
            arrived(guest)
    told = history(alice_client, file_request)
    places = [told.index(name) for name in ("Ann", "Ben", "Created")]
    assert places == sorted(places)
    assert told.count("sent 1 file") == 3


def test_what_has_not_arrived_is_not_told(alice_client: Client, file_request: FileRequest) -> None:
    known_guest(file_request, "Ann")
    assert "Ann" not in history(alice_client, file_request)


def test_its_address_has_a_qr_code(alice_client: Client, file_request: FileRequest) -> None:
    page = alice_client.get(file_request.get_absolute_url()).content.decode()
    assert 'aria-label="QR code of this request"' in page


def test_the_list_says_when_something_arrived_last(alice_client: Client, file_request: FileRequest) -> None:
    assert "latest" not in flat(alice_client.get("/requests/").content.decode())
    arrived(known_guest(file_request))
    assert "latest <local-time" in flat(alice_client.get("/requests/").content.decode())


@pytest.mark.parametrize(
    ("limits", "words"),
    [({}, "<span>None</span>"), ({"kinds": "pdf"}, "<span>pdf</span>"), ({"file_limit": 3}, "0 of 3 files")],
)
def test_only_limits_that_there_are_are_named(
    alice: User, alice_client: Client, limits: dict[str, object], words: str
) -> None:
    page = flat(alice_client.get(request_of(alice, **limits).get_absolute_url()).content.decode())
    summary = page.partition('<small class="parts">')[2].partition("</small>")[0]
    assert words in summary
    assert "0 bytes" not in summary
