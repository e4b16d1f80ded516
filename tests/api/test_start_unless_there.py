"""A folder is sent again after a part of it has arrived: what is there is found, and not sent twice."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from tests.bucket_client import put_part, send_form, sha256
from tests.requests.factories import guest_at, request_of
from tests.requests.factories import start as start_as_guest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]
UPLOADS = "/api/v1/uploads/"
BODY = b"hello"
LARGE = 17 * 1024 * 1024
SAID: dict[str, Any] = {
    "name": "a.txt",
    "path": "photos",
    "size": len(BODY),
    "checksum": "sha256",
    "sha256": sha256(BODY),
    "last_modified": 1_700_000_000_123,
    "unless_there": True,
}


def start(client: Client, **fields: Any) -> Any:
    return client.post(
        UPLOADS, json.dumps({**SAID, "id": str(uuid4()), **fields}), content_type="application/json"
    )


@pytest.fixture
def arrived(alice_client: Client) -> Upload:
    return sent(alice_client)


def sent(client: Client, **fields: Any) -> Upload:
    upload = Upload.objects.get(pk=start(client, **fields).json()["id"])
    assert send_form(upload.presign_form(), BODY).status == 201
    upload.complete()
    return upload


def test_what_arrived_before_is_the_answer(alice: User, alice_client: Client, arrived: Upload) -> None:
    answer = start(alice_client)
    assert (answer.status_code, answer.json()["id"], answer.json()["state"]) == (
        200,
        str(arrived.pk),
        "complete",
    )
    assert File.objects.count() == 1
    alice.refresh_from_db()
    assert alice.used_bytes == len(BODY)


def test_many_are_found_at_once_and_the_others_begin(alice_client: Client, arrived: Upload) -> None:
    uploads = [{**SAID, "id": str(uuid4()), "name": name} for name in ("a.txt", "b.txt")]
    answer = alice_client.post(
        f"{UPLOADS}batch/", json.dumps({"uploads": uploads}), content_type="application/json"
    )
    states = [result["upload"]["state"] for result in answer.json()["results"]]
    assert states == ["complete", "open"]


@pytest.mark.parametrize(
    "other",
    [
        {"unless_there": False},
        {"last_modified": None},
        {"last_modified": 1_700_000_000_124},
        {"name": "b.txt"},
        {"path": ""},
        {"sha256": sha256(b"other")},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_is_not_the_same_begins(alice_client: Client, arrived: Upload, other: dict[str, Any]) -> None:
    assert start(alice_client, **other).status_code == 201


def test_without_a_date_nothing_is_known_again(alice_client: Client) -> None:
    sent(alice_client, last_modified=None)
    assert start(alice_client, last_modified=None).status_code == 201


def test_without_sha256_nothing_is_known_again(alice_client: Client) -> None:
    """As from plain HTTP: a file of that name, size and date may have other bytes."""
    said = {"checksum": "none", "sha256": ""}
    upload = Upload.objects.get(pk=start(alice_client, **said).json()["id"])
    (part,) = upload.presign_parts({1: ""})
    assert put_part(part, BODY).status == 200
    upload.complete()
    assert start(alice_client, **said).status_code == 201


def test_what_came_in_parts_is_known_again_where_its_digests_are_kept(
    alice: User, alice_client: Client
) -> None:
    """And is shown with them: name, size and date do not tell whether it is the same."""
    said = {"name": "film.mov", "size": LARGE, "sha256": ""}
    digests = send_in_parts(Upload.objects.get(pk=start(alice_client, **said).json()["id"]))
    found = start(alice_client, **said)
    assert (found.status_code, found.json()["digests"]) == (200, [])
    shown = alice_client.get(f"{UPLOADS}{found.json()['id']}/").json()
    assert shown["digests"] == digests
    Upload.objects.update(with_sha256=False)
    assert start(alice_client, **said).status_code == 201


def send_in_parts(upload: Upload) -> list[str]:
    """Send zeros, and give the digests of the parts."""
    bodies = [bytes(upload.plan.length_of(number)) for number in range(1, upload.plan.part_count + 1)]
    digests = {number: sha256(body) for number, body in enumerate(bodies, start=1)}
    for part, body in zip(upload.presign_parts(digests), bodies, strict=True):
        assert put_part(part, body).status == 200
    upload.complete()
    return list(digests.values())


def test_a_form_is_shown_with_the_digest_that_it_takes(alice_client: Client, bob_client: Client) -> None:
    begun = f"{UPLOADS}{start(alice_client).json()['id']}/"
    assert alice_client.get(begun).json()["digests"] == [sha256(BODY)]
    assert bob_client.get(begun).status_code == 404


def test_what_is_renamed_is_there_and_what_is_in_the_trash_is_not(
    alice: User, alice_client: Client, arrived: Upload
) -> None:
    arrived.file.rename("other.txt", by=alice)
    assert start(alice_client).json()["file"]["name"] == "other.txt"
    arrived.file.delete_by(alice)
    assert start(alice_client).status_code == 201


def test_what_is_on_its_way_is_not_there(alice_client: Client) -> None:
    assert [start(alice_client).status_code for _ in range(2)] == [201, 201]


def test_what_another_user_has_is_not_there(bob_client: Client, arrived: Upload) -> None:
    assert start(bob_client).status_code == 201


def test_a_guest_finds_what_they_sent_and_nothing_else(alice: User, arrived: Upload) -> None:
    file_request = request_of(alice)
    ann, ben = guest_at(file_request, "Ann"), guest_at(file_request, "Ben")
    first = start_as_guest(ann, file_request, **SAID)
    assert first.status_code == 201, "the owner's own file is none of theirs"
    upload = Upload.objects.get(pk=first.json()["id"])
    assert send_form(upload.presign_form(), BODY).status == 201
    upload.complete()
    assert start_as_guest(ann, file_request, **SAID).status_code == 200
    assert start_as_guest(ben, file_request, **SAID).status_code == 201
    file_request.refresh_from_db()
    assert file_request.taken_count == 2


def test_of_several_of_one_name_size_and_date_the_latest_is_the_answer(
    alice_client: Client, arrived: Upload
) -> None:
    latest = sent(alice_client, unless_there=False)
    assert start(alice_client).json()["id"] == str(latest.pk)
