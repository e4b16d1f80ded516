"""Uploads that one browser is sending are known to another, which does not take them for unfinished."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from tests.factories import started_upload

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/uploads/"
SIZE = 20_000_000


def say(client: Client, browser: str, *ids: Any) -> int:
    data = json.dumps({"browser": browser, "ids": [str(pk) for pk in ids]})
    return client.post(f"{UPLOADS}sending/", data, content_type="application/json").status_code


def elsewhere(client: Client, browser: str) -> set[str]:
    """The ids of those that `browser` is told are being sent by another one."""
    items = client.get(UPLOADS, {"browser": browser}).json()["items"]
    return {item["id"] for item in items if item["is_sent_elsewhere"]}


def test_what_one_browser_sends_another_is_told_and_the_same_is_not(
    alice: User, alice_client: Client
) -> None:
    moving, standing = started_upload(alice, SIZE), started_upload(alice, SIZE, name="other.mov")
    assert say(alice_client, "laptop", moving.pk) == 204
    assert elsewhere(alice_client, "phone") == {str(moving.pk)}
    assert elsewhere(alice_client, "laptop") == set(), "after a reload it can go on"
    say(alice_client, "phone", standing.pk)
    assert elsewhere(alice_client, "phone") == {str(moving.pk)}
    say(alice_client, "laptop")
    assert elsewhere(alice_client, "phone") == set()


def test_a_browser_that_says_nothing_more_is_forgotten(alice: User, alice_client: Client) -> None:
    upload = started_upload(alice, SIZE)
    say(alice_client, "laptop", upload.pk)
    with time_machine.travel(timezone.now() + timedelta(seconds=89), tick=False):
        assert elsewhere(alice_client, "phone") == {str(upload.pk)}
    with time_machine.travel(timezone.now() + timedelta(seconds=91), tick=False):
        assert elsewhere(alice_client, "phone") == set()


def test_nobody_learns_or_says_it_of_anothers(alice: User, alice_client: Client, bob_client: Client) -> None:
    upload = started_upload(alice, SIZE)
    assert say(bob_client, "laptop", upload.pk) == 204
    assert elsewhere(alice_client, "phone") == set()
    say(alice_client, "laptop", upload.pk)
    assert bob_client.get(UPLOADS, {"browser": "phone"}).json()["items"] == []


@pytest.mark.parametrize(
    ("browser", "ids"), [("x" * 65, []), ("<b>", []), ("laptop", [str(uuid4())] * 1001), ("laptop", ["x"])]
)
def test_nonsense_is_refused(alice_client: Client, browser: str, ids: list[str]) -> None:
    assert say(alice_client, browser, *ids) == 422
