"""Each refusal that the doctor waits for, held against a service that does not refuse just that."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sharing.storage.bucket import Bucket
from sharing.storage.doctor import Doctor
from sharing.storage.probe import FORGED, PROBE
from tests.bucket_proxy import Answer, Request, bucket_behind

SITE = "http://localhost:8000"
pytestmark = pytest.mark.usefixtures("bucket")


def form_of(request: Request, *marks: bytes) -> bool:
    return request.action == "PostObject" and all(mark in request.body for mark in marks)


def part_of(request: Request, body: bytes) -> bool:
    return request.action == "UploadPart" and request.body == body


def anonymous(request: Request, method: str, action: str) -> bool:
    return request.method == method and request.action == action and not request.is_signed


# The check that must find it, what it says, and which refusal this service turns into a yes.
SERVICES: list[tuple[str, str, Callable[[Request, Answer], bool]]] = [
    ("Form limits", "A form upload that is one byte too long", lambda asked, _: form_of(asked, PROBE + b"!")),
    ("Form limits", "A form upload with other bytes than signed", lambda asked, _: form_of(asked, FORGED)),
    ("Form limits", "A form upload under another key", lambda asked, _: form_of(asked, b"-elsewhere")),
    ("Multipart limits", "A part of the wrong length", lambda asked, _: part_of(asked, PROBE + b"!")),
    ("Multipart limits", "A part with other bytes than signed", lambda asked, _: part_of(asked, FORGED)),
    (
        "Download limits",
        "A tampered signature",
        lambda asked, answer: asked.action == "GetObject" and b"SignatureDoesNotMatch" in answer.body,
    ),
    (
        "Download limits",
        "An expired URL",
        lambda asked, _: asked.action == "GetObject" and asked.query.get("X-Amz-Expires") == ["1"],
    ),
    ("Private", "An anonymous read", lambda asked, _: anonymous(asked, "GET", "GetObject")),
    ("Private", "An anonymous list", lambda asked, _: anonymous(asked, "GET", "ListObjectsV2")),
    ("Private", "An anonymous write", lambda asked, _: anonymous(asked, "PUT", "PutObject")),
]


def findings(bucket: Bucket) -> dict[str, str]:
    """Return the faults that were found, by check."""
    return {found.check: found.detail for found in Doctor(bucket, [SITE]).examine() if not found.is_well}


@pytest.mark.parametrize(("check", "what", "gives_in"), SERVICES, ids=[what for _, what, _ in SERVICES])
def test_a_service_that_does_not_refuse_is_found_out(
    check: str, what: str, gives_in: Callable[[Request, Answer], bool]
) -> None:
    def change(request: Request, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        return replace(answer, status=200) if answer.status >= 400 and gives_in(request, answer) else answer

    with bucket_behind(change) as bucket:
        assert findings(bucket) == {check: f"{what} was not refused (status 200)."}


def test_cors_that_answers_preflights_and_not_what_follows_is_found_out() -> None:
    def change(request: Request, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        if request.method == "OPTIONS":
            return answer
        kept = [pair for pair in answer.headers if not pair[0].lower().startswith("access-control-")]
        return replace(answer, headers=kept)

    with bucket_behind(change) as bucket:
        assert findings(bucket) == {"CORS": f"A browser at {SITE} may not read what it downloads."}


def test_a_service_that_lists_or_deletes_nothing_is_found_out(bucket: Bucket) -> None:
    def change(request: Request, forward: Callable[[], Answer]) -> Answer:
        if request.action == "DeleteObject":
            return Answer(204)
        answer = forward()
        if request.action == "ListObjectsV2" and request.is_signed:
            return replace(answer, body=b"<ListBucketResult></ListBucketResult>")
        return answer

    with bucket_behind(change) as forgetful:
        assert findings(forgetful) == {
            "List": "An object that was just stored is not listed.",
            "Delete": "A deleted object is still there.",
        }
    for page in bucket.list_objects("doctor/", page_size=100):
        for left in page:
            bucket.delete(left.key)
