"""The upload API: what it answers, and what it refuses, to whom."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from sharing.storage.plan import DEFAULT_PART_SIZE, SMALLEST_PART_SIZE
from tests.bucket_client import fetch, http, sha256
from tests.bucket_proxy import unreachable_bucket
from tests.factories import recorded_file, started_upload
from tests.people import RunTasks

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/uploads/"
LARGE = b"0123456789abcdef" * (DEFAULT_PART_SIZE // 16) + b"end"
GOOD: dict[str, Any] = {"name": "a.txt", "size": 1}


def post(client: Client, address: str, data: Any = None) -> Any:
    return client.post(address, json.dumps(data) if data is not None else "", content_type="application/json")


def start(client: Client, **fields: Any) -> dict[str, Any]:
    answer = post(client, UPLOADS, {**GOOD, **fields})
    assert answer.status_code == 201, answer.content
    upload: dict[str, Any] = answer.json()
    return upload


def complete(client: Client, upload: dict[str, Any]) -> Any:
    return post(client, f"{UPLOADS}{upload['id']}/completion/")


@pytest.mark.usefixtures("bucket")
def test_a_small_file_travels_by_form(alice_client: Client) -> None:
    upload = start(alice_client, size=5, type="text/plain", checksum="sha256", sha256=sha256(b"hello"))
    assert (upload["method"], upload["file"]["state"]) == ("form", "arriving")
    form = upload["form"]
    http.request("POST", form["url"], fields={**form["fields"], "file": ("x", b"hello")})
    answer = complete(alice_client, upload).json()
    assert (answer["state"], answer["file"]["state"], answer["file"]["check"]) == (
        "complete",
        "ready",
        "sha256",
    )
    assert fetch(File.objects.get().presigned_url()).data == b"hello"


@pytest.mark.usefixtures("bucket")
def test_a_large_file_travels_in_parts_and_resumes(alice_client: Client) -> None:
    upload = start(alice_client, size=len(LARGE), checksum="sha256")
    assert (upload["method"], upload["part_size"], upload["part_count"]) == ("parts", SMALLEST_PART_SIZE, 4)
    starts = range(0, len(LARGE), SMALLEST_PART_SIZE)
    pieces = {number: LARGE[start : start + SMALLEST_PART_SIZE] for number, start in enumerate(starts, 1)}
    address = f"{UPLOADS}{upload['id']}/"
    for number, piece in pieces.items():
        signed = post(
            alice_client, f"{address}parts/", {"parts": [{"number": number, "sha256": sha256(piece)}]}
        )
        (part,) = signed.json()["parts"]
        assert part["size"] == len(piece)
        assert http.request("PUT", part["url"], body=piece, headers=part["headers"]).status == 200
        assert alice_client.get(address).json()["stored_parts"] == list(range(1, number + 1))
        if number == 1:
            refusal = complete(alice_client, upload)
            assert (refusal.status_code, refusal.json()["missing"]) == (409, [2, 3, 4])
    assert complete(alice_client, upload).json()["file"]["sha256"].endswith("-4")
    assert complete(alice_client, upload).json()["state"] == "complete", "a second time is the same"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (1_614_834_367_890, "2021-03-04T05:06:07Z"),
        (0, "1970-01-01T00:00:00Z"),
        (-1, None),
        (10**30, None),
        (None, None),
    ],
)
def test_a_file_keeps_its_date_where_it_can_be(
    alice_client: Client, said: int | None, kept: str | None
) -> None:
    upload = start(alice_client, last_modified=said)
    assert upload["file"]["modified_at"] == kept
    assert (b"Modified" in alice_client.get(upload["file"]["url"]).content) == bool(kept)


def test_unfinished_uploads_are_listed(alice: User, alice_client: Client) -> None:
    recorded_file(alice)
    upload = started_upload(alice, len(LARGE))
    (item,) = alice_client.get(UPLOADS).json()["items"]
    assert item["id"] == str(upload.pk)


@pytest.mark.usefixtures("bucket")
def test_cancel_returns_the_quota(alice: User, alice_client: Client, run_tasks: RunTasks) -> None:
    upload = start(alice_client, size=1000)
    assert alice_client.delete(f"{UPLOADS}{upload['id']}/").status_code == 204
    run_tasks()
    alice.refresh_from_db()
    assert alice.used_bytes == 0


@pytest.mark.parametrize(
    ("fields", "status", "slug"),
    [
        ({"size": -1}, 422, "invalid"),
        ({"size": 2**70}, 422, "invalid"),
        ({"size": "1"}, 422, "invalid"),
        ({"size": 1.5}, 422, "invalid"),
        ({"size": None}, 422, "invalid"),
        ({"size": True}, 422, "invalid"),
        ({"size": 6 * 1024**4}, 413, "file-too-large"),
        ({"size": 200_000_000_000}, 409, "quota-exceeded"),
        ({"name": ""}, 422, "invalid-name"),
        ({"name": "x" * 256}, 422, "invalid-name"),
        ({"name": "a/b"}, 422, "invalid-name"),
        ({"name": 5}, 422, "invalid"),
        ({"path": "../.."}, 422, "invalid-name"),
        ({"path": "/etc"}, 422, "invalid-name"),
        ({"checksum": "md5"}, 422, "invalid"),
        ({"checksum": "sha256"}, 422, "invalid-part"),
        ({"checksum": "sha256", "sha256": "short"}, 422, "invalid-part"),
    ],
)
def test_bad_input_is_explained(alice_client: Client, fields: dict[str, Any], status: int, slug: str) -> None:
    answer = post(alice_client, UPLOADS, {**GOOD, **fields})
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"/problems/{slug}")
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["detail"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '{"name": "a"}', "\x00"])
def test_a_body_that_is_no_upload_is_explained(alice_client: Client, body: str) -> None:
    answer = alice_client.post(UPLOADS, body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_too_large_is_refused(alice_client: Client) -> None:
    answer = alice_client.post(UPLOADS, "x" * (1024 * 1024 + 1), content_type="application/json")
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [{"number": 0}],
        [{"number": 5, "sha256": sha256(b"")}],
        [{"number": 10_001}],
        [{"number": 1}],
        [{"number": 1, "sha256": sha256(b"")}, {"number": 1, "sha256": sha256(b"")}],
        [{"number": number} for number in range(1, 102)],
    ],
    ids=["none", "zero", "beyond", "far beyond", "no digest", "twice", "too many"],
)
def test_bad_parts_are_explained(alice: User, alice_client: Client, parts: list[dict[str, Any]]) -> None:
    upload = started_upload(alice, len(LARGE))
    answer = post(alice_client, f"{UPLOADS}{upload.pk}/parts/", {"parts": parts})
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.usefixtures("bucket")
def test_a_changed_file_is_a_conflict(alice: User, alice_client: Client) -> None:
    upload = started_upload(alice, len(LARGE))
    address = f"{UPLOADS}{upload.pk}/parts/"
    post(alice_client, address, {"parts": [{"number": 1, "sha256": sha256(b"one")}]})
    answer = post(alice_client, address, {"parts": [{"number": 1, "sha256": sha256(b"other")}]})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/file-changed")


@override_settings(MAX_FILE_SIZE=10)
def test_the_largest_size_is_checked_before_a_byte_travels(alice_client: Client) -> None:
    assert post(alice_client, UPLOADS, {**GOOD, "size": 11}).status_code == 413


@pytest.mark.parametrize("step", ["", "parts/", "completion/"])
def test_an_outsider_gets_404(alice: User, bob_client: Client, step: str) -> None:
    upload = started_upload(alice, len(LARGE))
    for pk in (upload.pk, uuid4()):
        address = f"{UPLOADS}{pk}/{step}"
        if not step:
            assert bob_client.get(address).status_code == 404
            assert bob_client.delete(address).status_code == 404
        else:
            parts = {"parts": [{"number": 1, "sha256": sha256(b"")}]}
            assert post(bob_client, address, parts).status_code == 404
    upload.refresh_from_db()
    assert upload.state == Upload.State.OPEN


def test_an_outsiders_list_is_empty(alice: User, bob_client: Client) -> None:
    started_upload(alice, len(LARGE))
    assert bob_client.get(UPLOADS).json() == {"items": []}


def test_a_visitor_is_told_to_sign_in(visitor: Client) -> None:
    answer = post(visitor, UPLOADS, GOOD)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/signed-out")


def test_a_request_from_another_site_is_refused(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert post(client, UPLOADS, GOOD).status_code == 403
    assert not Upload.objects.exists()


def test_an_unreachable_bucket_is_not_blamed_on_the_person(alice: User, alice_client: Client) -> None:
    upload = started_upload(alice, len(LARGE))
    parts = {"parts": [{"number": 1, "sha256": sha256(b"")}]}
    with unreachable_bucket():
        answer = post(alice_client, f"{UPLOADS}{upload.pk}/parts/", parts)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/bucket-unreachable")
    assert "127.0.0.1" not in answer.json()["detail"]


def test_bytes_that_travel_still_are_listed_newest_first_and_no_more_than_asked(
    alice: User, alice_client: Client
) -> None:
    uploads = [started_upload(alice, len(LARGE)) for _ in range(3)]
    items = alice_client.get(f"{UPLOADS}?limit=2").json()["items"]
    assert [item["id"] for item in items] == [str(upload.pk) for upload in reversed(uploads[1:])]
    for limit in ("0", "1001", "-1", "many"):
        assert alice_client.get(f"{UPLOADS}?limit={limit}").status_code == 422


@pytest.mark.usefixtures("bucket")
def test_a_second_completion_with_other_data_gives_the_same_answer(alice_client: Client) -> None:
    upload = start(alice_client, size=5, checksum="sha256", sha256=sha256(b"hello"))
    form = upload["form"]
    http.request("POST", form["url"], fields={**form["fields"], "file": ("x", b"hello")})
    first = complete(alice_client, upload)
    address = f"{UPLOADS}{upload['id']}/completion/"
    bodies: list[Any] = [{"sha256": sha256(b"other"), "size": 9}, {"parts": []}, "nonsense"]
    for body in bodies:
        assert post(alice_client, address, body).json() == first.json()


@pytest.mark.parametrize(
    ("method", "address", "status", "slug"),
    [
        ("PUT", UPLOADS, 405, "method"),
        ("GET", f"{UPLOADS}batch/completion/", 405, "method"),
        ("GET", f"{UPLOADS}not-a-uuid/", 404, "unknown"),
        ("POST", f"{UPLOADS}{'0' * 40}/parts/", 404, "unknown"),
        ("GET", "/api/v1/nothing/", 404, "unknown"),
        ("GET", "/api/v1/", 404, "unknown"),
        ("POST", "/api/v1/uploads", 404, "unknown"),
    ],
)
def test_an_address_or_method_that_does_not_exist_is_explained(
    alice_client: Client, method: str, address: str, status: int, slug: str
) -> None:
    answer = alice_client.generic(method, address, "{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"/problems/{slug}"
    assert (answer.status_code == 405) == ("Allow" in answer)
