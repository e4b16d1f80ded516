"""Changes that an owner makes to a request later: its words, end, limits and name; closing it and opening it again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.requests.models import FileRequest
from tests.requests.factories import SIZE, guest_at, request_of, start

pytestmark = pytest.mark.django_db
WORDS = {"title": "Photos", "message": "The best ones.", "name_asked": "off", "email_asked": "required"}
NO_LIMITS = {"kinds": "", "file_limit": "", "size_limit": "", "total_limit": ""}


@pytest.fixture
def file_request(alice: User) -> FileRequest:
    return request_of(alice, name="Holiday photos")


def send(client: Client, file_request: FileRequest, rule: str, **fields: Any) -> int:
    return client.post(reverse(f"file_request_{rule}", args=[file_request.public_id]), fields).status_code


def test_each_rule_is_changed_and_stands_in_the_history(
    file_request: FileRequest, alice_client: Client
) -> None:
    assert send(alice_client, file_request, "words", **WORDS) == 302
    assert send(alice_client, file_request, "expiry", expiry="day") == 302
    assert (
        send(alice_client, file_request, "limits", **{**NO_LIMITS, "kinds": ".PDF", "size_limit": "3"}) == 302
    )
    assert (
        send(alice_client, file_request, "limits", **{**NO_LIMITS, "kinds": "pdf", "size_limit": "3"}) == 302
    )
    assert send(alice_client, file_request, "closing") == 302
    assert send(alice_client, file_request, "reopening") == 302
    file_request.refresh_from_db()
    assert (file_request.title, file_request.name_asked, file_request.kinds, file_request.size_limit) == (
        "Photos",
        "off",
        "pdf",
        3_000_000,
    )
    assert file_request.expires_at
    assert file_request.closed_at is None
    assert Event.objects.filter(action="request.changed").count() == 3, "a change to the same is none"
    page = alice_client.get(file_request.get_absolute_url()).content.decode()
    for words in (
        "Title changed to “<bdi>Photos</bdi>”",
        "File types: pdf",
        "At most 3 MB per file",
        "Stopped accepting files",
        "Accepting files again",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("words", {**WORDS, "title": ""}),
        ("expiry", {"expiry": "date", "expires_on": "2020-01-01T00:00"}),
        ("limits", {**NO_LIMITS, "kinds": "../*"}),
        ("limits", {**NO_LIMITS, "file_limit": "0"}),
        ("name", {"name": "日本語"}),
    ],
)
def test_what_cannot_hold_is_explained_and_changes_nothing(
    file_request: FileRequest, alice_client: Client, rule: str, fields: dict[str, str]
) -> None:
    before = FileRequest.objects.values().get()
    assert send(alice_client, file_request, rule, **fields) == 422
    assert FileRequest.objects.values().get() == before


def test_a_limit_holds_for_guests_who_are_there_already(
    file_request: FileRequest, alice_client: Client
) -> None:
    ann = guest_at(file_request)
    assert start(ann, file_request).status_code == 201
    send(alice_client, file_request, "limits", **{**NO_LIMITS, "file_limit": "1"})
    assert start(ann, file_request).json()["type"] == "/problems/request-full"
    send(alice_client, file_request, "limits", **{**NO_LIMITS, "size_limit": str(SIZE // 10**6 - 1)})
    assert start(ann, file_request).json()["type"] == "/problems/not-asked"


def test_more_time_lets_an_expired_request_take_files_again(
    file_request: FileRequest, alice_client: Client
) -> None:
    ann = guest_at(file_request)
    FileRequest.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert start(ann, file_request).json()["type"] == "/problems/request-closed"
    send(alice_client, file_request, "expiry", expiry="day")
    assert start(ann, file_request).status_code == 201


def test_a_readable_part_stands_before_the_token_and_opens_nothing(
    file_request: FileRequest, alice_client: Client, visitor: Client
) -> None:
    assert file_request.url.endswith(f"/r/holiday-photos-{file_request.token}/")
    assert visitor.get(file_request.path).status_code == 200
    former = file_request.path
    send(alice_client, file_request, "name", name="Pictures")
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
