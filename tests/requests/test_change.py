"""Changes that an owner makes to a request later: its settings, in one form; closing it and opening it again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.requests.models import FileRequest
from tests.requests.factories import SIZE, guest_at, request_of, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def file_request(alice: User) -> FileRequest:
    return request_of(alice, title="Holiday", message="For the album", name="Holiday photos")


def shown_fields(file_request: FileRequest) -> dict[str, str]:
    """Return the fields that the form sends when nothing in it was touched."""
    return {
        "title": file_request.title,
        "message": file_request.message,
        "name_asked": file_request.name_asked,
        "email_asked": file_request.email_asked,
        "expiry": "keep",
        "kinds": "",
        "file_limit": "",
        "size_limit": "",
        "total_limit": "",
        "password": "",
        "name": file_request.slug,
    }


def send(client: Client, file_request: FileRequest, verb: str, **fields: str) -> int:
    return client.post(reverse(f"file_request_{verb}", args=[file_request.public_id]), fields).status_code


def save(client: Client, file_request: FileRequest, **changed: str) -> int:
    return send(client, file_request, "settings", **shown_fields(file_request) | changed)


def test_what_was_not_touched_stays_and_is_not_recorded(
    file_request: FileRequest, alice_client: Client
) -> None:
    before, events = FileRequest.objects.values().get(), Event.objects.count()
    assert save(alice_client, file_request) == 302
    assert FileRequest.objects.values().get() == before
    assert Event.objects.count() == events


def test_a_rule_that_is_not_sent_stays(file_request: FileRequest, alice: User, alice_client: Client) -> None:
    file_request.set_password("sesame", by=alice)
    before = FileRequest.objects.values().get()
    for fields in ({}, {"password": ""}):
        assert send(alice_client, file_request, "settings", **fields) == 302
        assert FileRequest.objects.values().get() == before


def test_several_are_changed_at_once_and_stand_in_the_history(
    file_request: FileRequest, alice_client: Client, visitor: Client
) -> None:
    changed = {"title": "Photos", "name_asked": "off", "expiry": "day", "kinds": ".PDF", "size_limit": "3"}
    assert save(alice_client, file_request, **changed, name="photos", password="sesame") == 302
    file_request.refresh_from_db()
    assert (file_request.title, file_request.message) == ("Photos", "For the album")
    assert (file_request.name_asked, file_request.kinds, file_request.slug) == ("off", "pdf", "photos")
    assert file_request.size_limit == 3_000_000
    assert file_request.expires_at
    assert visitor.get(file_request.url).status_code == 403
    page = alice_client.get(file_request.get_absolute_url()).content.decode()
    for words in (
        "Title changed to “<bdi>Photos</bdi>”",
        "File types: pdf",
        "At most 3 MB per file",
        "Link name changed to “photos”",
        "Password set",
    ):
        assert words in page


def test_it_stops_accepting_files_and_accepts_them_again(
    file_request: FileRequest, alice_client: Client
) -> None:
    for verb, words in (("closing", "Stopped accepting files"), ("reopening", "Accepting files again")):
        assert send(alice_client, file_request, verb) == 302
        assert words in alice_client.get(file_request.get_absolute_url()).content.decode()
    file_request.refresh_from_db()
    assert file_request.closed_at is None


def test_it_leads_back_to_the_settings(file_request: FileRequest, alice_client: Client) -> None:
    address = reverse("file_request_settings", args=[file_request.public_id])
    answer = alice_client.post(address, {"title": "New"}, follow=True)
    assert answer.redirect_chain == [(f"{file_request.get_absolute_url()}#settings", 302)]
    assert "Settings saved." in answer.content.decode()


def test_what_is_wrong_is_told_at_the_top_and_takes_the_focus_and_nothing_is_saved(
    file_request: FileRequest, alice_client: Client
) -> None:
    fields = {"title": "New", "kinds": "../*", "password": "abc"}
    address = reverse("file_request_settings", args=[file_request.public_id])
    answer = alice_client.post(address, shown_fields(file_request) | fields)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "Not saved. Please check: File types, Password." in page
    assert page.count("autofocus") == 1
    assert page.index('name="kinds"') < page.index("autofocus") < page.index('name="file_limit"')
    file_request.refresh_from_db()
    assert (file_request.title, file_request.password) == ("Holiday", "")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"expiry": "date", "expires_on": "2020-01-01T00:00"},
        {"kinds": "../*"},
        {"file_limit": "0"},
        {"name": "日本語"},
    ],
)
def test_what_cannot_hold_is_explained_and_changes_nothing(
    file_request: FileRequest, alice_client: Client, fields: dict[str, str]
) -> None:
    before = FileRequest.objects.values().get()
    assert save(alice_client, file_request, **fields) == 422
    assert FileRequest.objects.values().get() == before


def test_the_password_is_removed_by_its_box(
    file_request: FileRequest, alice: User, alice_client: Client
) -> None:
    file_request.set_password("sesame", by=alice)
    assert save(alice_client, file_request, remove_password="on") == 302
    file_request.refresh_from_db()
    assert not file_request.password


def test_a_limit_holds_for_guests_who_are_there_already(
    file_request: FileRequest, alice_client: Client
) -> None:
    ann = guest_at(file_request)
    assert start(ann, file_request).status_code == 201
    save(alice_client, file_request, file_limit="1")
    assert start(ann, file_request).json()["type"] == "/problems/request-full"
    save(alice_client, file_request, size_limit=str(SIZE // 10**6 - 1))
    assert start(ann, file_request).json()["type"] == "/problems/not-asked"


def test_more_time_lets_an_expired_request_take_files_again(
    file_request: FileRequest, alice_client: Client
) -> None:
    ann = guest_at(file_request)
    FileRequest.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert start(ann, file_request).json()["type"] == "/problems/request-closed"
    save(alice_client, file_request, expiry="day")
    assert start(ann, file_request).status_code == 201


def test_a_readable_part_stands_before_the_token_and_opens_nothing(
    file_request: FileRequest, alice_client: Client, visitor: Client
) -> None:
    assert file_request.url.endswith(f"/r/holiday-photos-{file_request.token}/")
    assert visitor.get(file_request.path).status_code == 200
    former = file_request.path
    save(alice_client, file_request, name="Pictures")
    file_request.refresh_from_db()
    for address in (former, f"/r/{file_request.token}/", f"/r/x-{file_request.token}/"):
        answer = visitor.get(address)
        assert (answer.status_code, answer["Location"]) == (302, file_request.path)
    assert visitor.get("/r/holiday-photos/").status_code == 404
    assert visitor.get(f"/r/pictures{file_request.token}/").status_code == 404
    assert visitor.post(former, {"name": "Ann"}).status_code == 302
    assert start(visitor, file_request).status_code == 201


def test_a_locked_request_does_not_redirect_to_its_name(
    file_request: FileRequest, alice: User, visitor: Client
) -> None:
    file_request.set_password("open sesame", by=alice)
    assert visitor.get(f"/r/{file_request.token}/").status_code == 403
