"""A start can be repeated: the client chooses the upload's id, so an answer that got lost costs nothing."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from sharing.accounts.models import User
from sharing.files.models import File, Upload

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/uploads/"


def start(client: Client, **fields: Any) -> Any:
    announcement = {"name": "a.txt", "size": 5, **fields}
    return client.post(UPLOADS, json.dumps(announcement), content_type="application/json")


def test_the_same_announcement_gives_the_same_upload(alice: User, alice_client: Client) -> None:
    pk = str(uuid4())
    first, again = (start(alice_client, id=pk) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] == pk
    assert first.json()["file"] == again.json()["file"]
    alice.refresh_from_db()
    assert alice.used_bytes == 5


@pytest.mark.parametrize(
    "other",
    [{"name": "b.txt"}, {"size": 6}, {"type": "text/css"}, {"path": "b"}, {"size": 2**30}],
    ids=["name", "size", "type", "path", "in parts"],
)
def test_another_announcement_is_a_conflict(alice_client: Client, other: dict[str, Any]) -> None:
    pk = str(uuid4())
    start(alice_client, id=pk)
    answer = start(alice_client, id=pk, **other)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/upload-differs")
    assert Upload.objects.count() == 1


def test_it_is_the_same_after_the_file_was_renamed(alice: User, alice_client: Client) -> None:
    pk = str(uuid4())
    start(alice_client, id=pk)
    File.objects.get().rename("other.txt", by=alice)
    assert start(alice_client, id=pk).status_code == 200


def test_an_upload_that_is_over_says_so(alice_client: Client) -> None:
    pk = str(uuid4())
    start(alice_client, id=pk)
    alice_client.delete(f"{UPLOADS}{pk}/")
    answer = start(alice_client, id=pk)
    assert (answer.status_code, answer.json()["state"], answer.json()["form"]) == (200, "cancelled", None)


def test_another_users_id_is_as_unknown_as_any(alice_client: Client, bob_client: Client) -> None:
    pk = str(uuid4())
    start(alice_client, id=pk)
    for fields in ({}, {"name": "b.txt"}):
        answer = start(bob_client, id=pk, **fields)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown")
    assert Upload.objects.count() == 1


def test_twice_in_one_batch_is_one_upload(alice: User, alice_client: Client) -> None:
    announcement = {"id": str(uuid4()), "name": "a", "size": 5}
    batch = {"uploads": [announcement, announcement, {**announcement, "name": "b"}]}
    answer = alice_client.post(f"{UPLOADS}batch/", json.dumps(batch), content_type="application/json")
    one, same, other = answer.json()["results"]
    assert one["upload"]["id"] == same["upload"]["id"]
    assert other["problem"]["type"] == "/problems/upload-differs"
    alice.refresh_from_db()
    assert alice.used_bytes == 5


def test_the_id_must_be_a_uuid(alice_client: Client) -> None:
    assert start(alice_client, id="mine").status_code == 422
