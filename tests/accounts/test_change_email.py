"""Changing one's address: the old one stays until the new one is confirmed."""

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from sharing.accounts.models import User
from tests.accounts.conftest import with_password
from tests.accounts.links_in_mail import path_in
from tests.people import PASSWORD

EMAIL = "/accounts/email/"


def change(client: Client, email: str = "New@Example.com") -> None:
    """Ask for the change, and give the password that is asked for first; allauth then goes on with what was asked."""
    answer = client.post(EMAIL, {"action_add": "", "email": email})
    if answer["Location"].startswith("/accounts/reauthenticate/"):
        client.post(answer["Location"], {"password": PASSWORD})


def test_the_new_address_counts_once_it_is_confirmed(
    ann: User, ann_client: Client, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    change(ann_client)
    ann.refresh_from_db()
    assert ann.email == "alice@example.com"
    assert mailoutbox[0].to == ["new@example.com"]
    ann_client.post(path_in(mailoutbox[0], settings.SITE_URL))
    ann.refresh_from_db()
    assert ann.email == "new@example.com"


def test_the_old_address_is_told(
    ann_client: Client, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    change(ann_client)
    ann_client.post(path_in(mailoutbox[0], settings.SITE_URL))
    assert mailoutbox[1].to == ["alice@example.com"]
    assert "from alice@example.com to new@example.com" in mailoutbox[1].body


def test_looking_at_the_link_confirms_nothing(
    ann: User, ann_client: Client, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    change(ann_client)
    assert Client().get(path_in(mailoutbox[0], settings.SITE_URL)).status_code == 200
    ann.refresh_from_db()
    assert ann.email == "alice@example.com"


def test_looking_at_anothers_link_signs_nobody_out(
    ann_client: Client, bob: User, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    change(ann_client)
    bobs = Client()
    bobs.force_login(bob)
    bobs.get(path_in(mailoutbox[0], settings.SITE_URL))
    assert "_auth_user_id" in bobs.session


def test_nothing_happens_before_the_password_is_given_once_more(
    ann_client: Client, mailoutbox: list[object]
) -> None:
    answer = ann_client.post(EMAIL, {"action_add": "", "email": "new@example.com"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    ann_client.post(answer["Location"], {"password": "wrong"})
    assert mailoutbox == []


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_anothers_address_cannot_be_taken(
    ann: User,
    ann_client: Client,
    bob: User,
    settings: LazySettings,
    mailoutbox: list[EmailMultiAlternatives],
    is_confirmed: bool,
) -> None:
    if is_confirmed:
        with_password(bob)
    change(ann_client, bob.email)
    ann_client.post(path_in(mailoutbox[0], settings.SITE_URL))
    ann.refresh_from_db()
    assert ann.email == "alice@example.com"


def test_the_pending_change_can_be_taken_back(ann_client: Client) -> None:
    change(ann_client)
    assert "new@example.com" in ann_client.get(EMAIL).content.decode()
    ann_client.post(EMAIL, {"action_remove": "", "email": "new@example.com"})
    page = ann_client.get(EMAIL).content.decode()
    assert "New address" not in page
