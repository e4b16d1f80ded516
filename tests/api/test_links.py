"""Links by API."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.links.models import Link
from sharing.links.rules import MAX_FILES
from tests.factories import recorded_file, started_upload

pytestmark = pytest.mark.django_db


def make(client: Client, **data: Any) -> Any:
    return client.post("/api/v1/links/", json.dumps(data), content_type="application/json")


def add(client: Client, link_id: str, *files: object) -> Any:
    body = json.dumps({"files": [str(file) for file in files]})
    return client.post(f"/api/v1/links/{link_id}/files/", body, content_type="application/json")


def test_a_link_is_made_and_opens(alice: User, alice_client: Client, visitor: Client) -> None:
    answer = make(alice_client, files=[str(recorded_file(alice).pk)], expiry="hour", title="Hi").json()
    assert (answer["state"], answer["title"]) == ("open", "Hi")
    assert visitor.get(answer["url"]).status_code == 200


def test_it_takes_several_files_and_every_rule(alice: User, alice_client: Client, visitor: Client) -> None:
    files = [str(recorded_file(alice).pk) for _ in range(3)]
    rules = {"expiry": "none", "download_limit": 2, "password": "open sesame", "name": "Our plans"}
    rules |= {"previews_allowed": False, "card_shows": "title"}
    answer = make(alice_client, files=files, **rules)
    told = answer.json()
    assert (told["name"], told["download_limit"], told["has_password"]) == ("our-plans", 2, True)
    assert (told["expires_at"], told["previews_allowed"], told["card_shows"]) == (None, False, "title")
    link = Link.objects.get()
    assert "/s/our-plans-" in told["url"]
    assert link.items.count() == 3
    assert link.password not in answer.content.decode()
    assert visitor.get(told["url"]).status_code == 403


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"download_limit": 0}, "invalid-limit"),
        ({"download_limit": 1_000_001}, "invalid-limit"),
        ({"download_limit": True}, "invalid"),
        ({"password": "abc"}, "invalid-password"),
        ({"password": "\ud800" * 5}, "invalid"),
        ({"name": "日本語"}, "invalid-name"),
        ({"card_shows": "everything"}, "invalid"),
    ],
)
def test_an_impossible_rule_is_explained(
    alice: User, alice_client: Client, rule: dict[str, Any], problem: str
) -> None:
    answer = make(alice_client, files=[str(recorded_file(alice).pk)], **rule)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{problem}")
    assert not Link.objects.exists()


def test_no_end_is_refused_where_the_operator_does_not_allow_it(
    alice: User, alice_client: Client, settings: LazySettings
) -> None:
    settings.LINKS_MAY_LIVE_FOREVER = False
    answer = make(alice_client, files=[str(recorded_file(alice).pk)], expiry="none")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-expiry")


def test_it_can_be_copied_while_the_bytes_still_travel(alice: User, alice_client: Client) -> None:
    answer = make(alice_client, files=[str(started_upload(alice, 20_000_000).file_id)]).json()
    assert answer["state"] == "arriving"


@pytest.mark.parametrize("offset", [timedelta(days=-1), timedelta(days=400)])
def test_an_impossible_expiry_is_explained(alice: User, alice_client: Client, offset: timedelta) -> None:
    moment = (timezone.now() + offset).isoformat()
    answer = make(alice_client, files=[str(recorded_file(alice).pk)], expires_at=moment)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-expiry")
    assert not Link.objects.exists()


def test_a_time_without_zone_is_explained(alice: User, alice_client: Client) -> None:
    answer = make(alice_client, files=[str(recorded_file(alice).pk)], expires_at="2026-12-01T00:00:00")
    assert answer.status_code == 422


def test_files_of_another_or_none_at_all_are_404(alice: User, bob: User, alice_client: Client) -> None:
    mine, theirs = recorded_file(alice), recorded_file(bob)
    for files in ([str(theirs.pk)], [str(mine.pk), str(theirs.pk)], [str(uuid4())]):
        assert make(alice_client, files=files).status_code == 404
    assert not Link.objects.exists()


def test_no_files_is_explained(alice_client: Client) -> None:
    assert make(alice_client, files=[]).status_code == 422


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "x" * 201, "Use at most 200 characters."),
        ("name", "x" * 201, "Use at most 200 characters."),
        ("title", "a\0b", "The text contains characters that can't be saved."),
        ("files", [], "Send at least 1 item."),
        ("files", [str(uuid4())] * (MAX_FILES + 1), f"Send at most {MAX_FILES} items."),
    ],
    ids=["long title", "long name", "NUL", "no files", "many files"],
)
def test_what_is_wrong_is_a_sentence(
    alice: User, alice_client: Client, field: str, value: object, message: str
) -> None:
    fields = {"files": [str(recorded_file(alice).pk)], field: value}
    answer = make(alice_client, **fields)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "message": message}]
    assert answer.json()["detail"] == f"{field}: {message}"


def test_blanks_around_a_title_and_a_message_are_dropped(alice: User, alice_client: Client) -> None:
    """A title of blanks alone would be a label that nobody sees."""
    files = [str(recorded_file(alice).pk)]
    assert make(alice_client, files=files, title=" \u2003\n").json()["title"] == ""
    assert make(alice_client, files=files, title=f" {'x' * 200} ").json()["title"] == "x" * 200
    make(alice_client, files=files, message=" \n Hello\n")
    assert list(Link.objects.values_list("message", flat=True).order_by("pk")) == ["", "", "Hello"]


@pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=["NUL", "half a character"])
@pytest.mark.parametrize("field", ["title", "message"])
def test_text_that_cannot_be_kept_is_explained(
    alice: User, alice_client: Client, field: str, text: str
) -> None:
    answer = make(alice_client, files=[str(recorded_file(alice).pk)], **{field: text})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not Link.objects.exists()


def test_a_visitor_is_told_to_sign_in(visitor: Client) -> None:
    assert make(visitor, files=[str(uuid4())]).status_code == 401


def test_files_that_begin_later_join_a_link(alice: User, alice_client: Client, visitor: Client) -> None:
    first, second = recorded_file(alice, name="a.txt"), started_upload(alice, 20_000_000, name="b.mov").file
    link = make(alice_client, files=[str(first.pk)]).json()
    for _ in range(2):
        answer = add(alice_client, link["id"], first.pk, second.pk)
        assert (answer.status_code, answer.json()["url"]) == (200, link["url"])
    assert Link.objects.get().items.count() == 2
    assert "b.mov" in visitor.get(link["url"]).content.decode()


def test_only_its_owner_adds_files_and_only_their_own(
    alice: User, bob: User, alice_client: Client, bob_client: Client
) -> None:
    mine, theirs = recorded_file(alice), recorded_file(bob)
    link = make(alice_client, files=[str(mine.pk)]).json()
    assert add(bob_client, link["id"], theirs.pk).status_code == 404
    assert add(alice_client, link["id"], theirs.pk).status_code == 404
    assert add(alice_client, link["id"], uuid4()).status_code == 404
    assert add(alice_client, "nonsense", mine.pk).status_code == 404
    assert Link.objects.get().items.count() == 1


def test_a_link_takes_no_more_than_it_can_hold(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.links.models.granting.MAX_FILES", 2)
    link = make(alice_client, files=[str(recorded_file(alice).pk)]).json()
    answer = add(alice_client, link["id"], *(recorded_file(alice).pk for _ in range(2)))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/too-many-files")
    assert Link.objects.get().items.count() == 1
