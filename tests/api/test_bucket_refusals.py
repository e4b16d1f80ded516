"""A refusal of the bucket is told with its reason; an outage is worth trying again."""

import json
from typing import Any

import pytest
from django.test import Client

from sharing.accounts.models import User
from tests.bucket_client import sha256
from tests.bucket_proxy import bucket_that_answers
from tests.factories import started_upload

pytestmark = pytest.mark.django_db


def asked_for_a_part(client: Client, owner: User) -> Any:
    upload = started_upload(owner, 20_000_000)
    parts = json.dumps({"parts": [{"number": 1, "sha256": sha256(b"x")}]})
    return client.post(f"/api/v1/uploads/{upload.pk}/parts/", parts, content_type="application/json")


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "AccessDenied"), (403, "QuotaExceeded"), (400, "EntityTooLarge"), (507, "XMinioStorageFull")],
)
def test_a_refusal_is_told_with_the_buckets_own_word_for_it(
    alice: User, alice_client: Client, status: int, code: str
) -> None:
    with bucket_that_answers(status, code):
        answer = asked_for_a_part(alice_client, alice)
    assert (answer.status_code, answer.json()["type"]) == (502, "/problems/bucket-refused")
    assert answer.json()["detail"].startswith(f"Storage refused the request ({code}).")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (503, "SlowDown"),
        (429, "TooManyRequests"),
        (400, "RequestTimeout"),
        (409, "OperationAborted"),
        (500, "InternalError"),
    ],
)
def test_what_may_pass_in_a_while_is_told_as_such(
    alice: User, alice_client: Client, status: int, code: str
) -> None:
    with bucket_that_answers(status, code):
        answer = asked_for_a_part(alice_client, alice)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/bucket-unreachable")


def test_a_word_that_is_no_code_of_s3_is_not_passed_on(alice: User, alice_client: Client) -> None:
    with bucket_that_answers(403, "see http://10.0.0.1/"):
        answer = asked_for_a_part(alice_client, alice)
    assert "10.0.0.1" not in answer.json()["detail"]
