"""Emailing a link by API, under the rules of the form on its page."""

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from sharing.accounts.models import User
from sharing.links.models import Link
from sharing.mail.outbox import OUTBOX
from tests.factories import link_to, recorded_file
from tests.people import RunTasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


def send(client: Client, link: Link, to: str, message: str = "") -> Any:
    address = f"/api/v1/links/{link.public_id}/recipients/"
    return client.post(address, json.dumps({"to": to, "message": message}), content_type="application/json")


def test_owner_mails_it_to_each_under_an_address_of_their_own(
    link: Link, alice_client: Client, run_tasks: RunTasks, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(alice_client, link, "Bob <bob@example.net>, eve@example.net", "Here it is.")
    assert answer.json() == {"mailed": 2, "had_it": 0, "is_delivered": True}
    run_tasks()
    assert {message.to[0] for message in mail.outbox} == {"Bob <bob@example.net>", "eve@example.net"}
    assert all("Here it is." in str(message.body) for message in mail.outbox)


def test_without_a_mail_server_nothing_is_said_to_be_delivered(
    link: Link, alice_client: Client, settings: Any
) -> None:
    settings.MAILERS = {"default": {"BACKEND": OUTBOX}}
    assert send(alice_client, link, "bob@example.net").json()["is_delivered"] is False


def test_who_has_it_is_not_mailed_again(link: Link, alice_client: Client) -> None:
    send(alice_client, link, "bob@example.net")
    answer = send(alice_client, link, "bob@example.net, eve@example.net").json()
    assert (answer["mailed"], answer["had_it"]) == (1, 1)


@pytest.mark.parametrize("to", ["", "bob@", "\n"])
def test_what_is_no_address_is_refused_and_nobody_mailed(link: Link, alice_client: Client, to: str) -> None:
    answer = send(alice_client, link, to)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-recipients")
    assert not link.recipients.exists()


def test_a_link_that_has_ended_is_not_mailed(link: Link, alice: User, alice_client: Client) -> None:
    link.revoke(by=alice)
    assert send(alice_client, link, "bob@example.net").status_code == 422


def test_more_mails_than_a_day_allows_are_refused(link: Link, alice_client: Client, settings: Any) -> None:
    settings.MAILS_PER_DAY = 1
    answer = send(alice_client, link, "bob@example.net, eve@example.net")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/mail-limit")


def test_outsider_gets_404(link: Link, bob_client: Client) -> None:
    assert send(bob_client, link, "bob@example.net").status_code == 404
