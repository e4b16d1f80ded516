"""Many uploads by one request: each stands alone, and the database is asked little."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File, Upload
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import fetch, http, sha256
from tests.bucket_proxy import unreachable_bucket
from tests.factories import send_parts, started_upload

pytestmark = pytest.mark.django_db
BATCH = "/api/v1/uploads/batch/"
COMPLETION = "/api/v1/uploads/batch/completion/"
LARGE = b"0123456789abcdef" * (DEFAULT_PART_SIZE // 16) + b"end"


def post(client: Client, address: str, data: Any) -> Any:
    return client.post(address, json.dumps(data), content_type="application/json")


def start(client: Client, *uploads: dict[str, Any]) -> list[dict[str, Any]]:
    answer = post(client, BATCH, {"uploads": [{"name": "a.txt", "size": 1, **upload} for upload in uploads]})
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def complete(client: Client, *ids: Any) -> list[dict[str, Any]]:
    answer = post(client, COMPLETION, {"ids": [str(pk) for pk in ids]})
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def send(upload: dict[str, Any], body: bytes) -> None:
    fields = {**upload["form"]["fields"], "file": ("x", body)}
    assert http.request("POST", upload["form"]["url"], fields=fields).status == 201


def pinned(body: bytes, **fields: Any) -> dict[str, Any]:
    return {"size": len(body), "checksum": "sha256", "sha256": sha256(body), **fields}


@pytest.mark.usefixtures("bucket")
def test_files_are_started_sent_and_completed_together(alice_client: Client) -> None:
    bodies = [b"one", b"two", b"", b"four"]
    started = start(alice_client, *(pinned(body, name=f"{body!r}", path="a/b") for body in bodies))
    for result, body in zip(started, bodies, strict=True):
        send(result["upload"], body)
    done = complete(alice_client, *(result["upload"]["id"] for result in started))
    assert [result["upload"]["state"] for result in done] == ["complete"] * 4
    assert {file.path for file in File.objects.ready()} == {"a/b"}
    for result, body in zip(done, bodies, strict=True):
        file = File.objects.get(pk=result["upload"]["file"]["id"])
        assert (file.check_made, fetch(file.presigned_url()).data) == ("sha256", body)


def test_each_announcement_stands_alone(alice: User, alice_client: Client) -> None:
    User.objects.filter(pk=alice.pk).update(quota=10)
    results = start(
        alice_client,
        {"size": 4},
        {"name": "x" * 5000},
        {"path": "../.."},
        {"size": 7},
        {"size": 6 * 1024**4},
        {"size": 6},
        {"checksum": "sha256", "sha256": "?" * 5000},
    )
    assert [result["problem"]["type"] if "problem" in result else "started" for result in results] == [
        "started",
        "/problems/invalid-name",
        "/problems/invalid-name",
        "/problems/quota-exceeded",
        "/problems/file-too-large",
        "started",
        "/problems/invalid-part",
    ]
    assert {result["problem"]["status"] for result in results if "problem" in result} == {409, 413, 422}
    alice.refresh_from_db()
    assert (alice.used_bytes, Upload.objects.count()) == (10, 2)
    assert Event.objects.filter(action="upload.started").count() == 2


def test_a_batch_takes_no_more_queries_than_one(alice_client: Client) -> None:
    def queries(count: int) -> int:
        uploads = ({"id": str(uuid4()), **pinned(b"x")} for _ in range(count))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            start(alice_client, *uploads)
        return len(captured)

    start(alice_client, {})
    assert queries(100) == queries(1) <= 14


@pytest.mark.usefixtures("bucket")
def test_completing_a_batch_takes_no_more_queries_than_one(alice_client: Client) -> None:
    def queries(count: int) -> int:
        started = [result["upload"] for result in start(alice_client, *[pinned(b"x")] * count)]
        for upload in started:
            send(upload, b"x")
        with CaptureQueriesContext(connection) as captured:
            complete(alice_client, *(upload["id"] for upload in started))
        return len(captured)

    start(alice_client, {})
    assert queries(20) == queries(1) <= 14


@pytest.mark.usefixtures("bucket")
def test_each_completion_stands_alone(alice: User, bob: User, alice_client: Client) -> None:
    whole, absent = (result["upload"] for result in start(alice_client, pinned(b"x"), pinned(b"y")))
    send(whole, b"x")
    half, full = started_upload(alice, len(LARGE)), started_upload(alice, len(LARGE))
    send_parts(half, LARGE, only={2})
    send_parts(full, LARGE)
    theirs, cancelled = (started_upload(person, len(LARGE)) for person in (bob, alice))
    cancelled.cancel(by=alice)
    asked = [whole["id"], absent["id"], half.pk, full.pk, theirs.pk, cancelled.pk, uuid4()]
    results = complete(alice_client, *asked)
    assert [result["id"] for result in results] == [str(pk) for pk in asked]
    assert [result["problem"]["type"] if "problem" in result else "complete" for result in results] == [
        "complete",
        "/problems/not-arrived",
        "/problems/not-arrived",
        "complete",
        "/problems/unknown",
        "/problems/upload-closed",
        "/problems/unknown",
    ]
    assert results[2]["problem"]["missing"] == [1, 3, 4]
    again = complete(alice_client, *asked)
    assert [result.get("upload") for result in again] == [result.get("upload") for result in results]
    assert Event.objects.filter(action="file.ready").count() == 2


def test_unpinned_files_of_a_batch_travel_in_one_part(alice_client: Client) -> None:
    """Whoever held a form for them could send other bytes, once they are complete."""
    unpinned, empty = (result["upload"] for result in start(alice_client, {"size": 1}, {"size": 0}))
    assert (unpinned["method"], unpinned["part_count"], unpinned["form"]) == ("parts", 1, None)
    assert empty["method"] == "form"


def test_a_bucket_that_is_away_is_not_asked_a_hundred_times(alice: User, alice_client: Client) -> None:
    started = start(alice_client, *[pinned(b"x")] * 100)
    with unreachable_bucket():
        results = complete(alice_client, *(result["upload"]["id"] for result in started))
    assert {result["problem"]["type"] for result in results} == {"/problems/bucket-unreachable"}
    assert Upload.objects.filter(state=Upload.State.OPEN).count() == 100


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_of_none_or_too_many_is_explained(alice_client: Client, count: int) -> None:
    for address, data in (
        (BATCH, {"uploads": [{"name": "a", "size": 1}] * count}),
        (COMPLETION, {"ids": [str(uuid4())] * count}),
    ):
        answer = post(alice_client, address, data)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not Upload.objects.exists()


def test_a_visitor_is_told_to_sign_in(visitor: Client) -> None:
    assert post(visitor, BATCH, {"uploads": [{"name": "a", "size": 1}]}).status_code == 401
    assert post(visitor, COMPLETION, {"ids": [str(uuid4())]}).status_code == 401
