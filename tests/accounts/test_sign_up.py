"""Signing up by oneself: only where SIGNUP is open."""

import time
from collections import Counter

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.accounts.views.sign_up import ANSWER_SECONDS
from sharing.audit.models import Event
from tests.accounts.links_in_mail import path_in
from tests.people import PASSWORD

SIGNUP = "/accounts/signup/"
FORM = {"email": "New@Example.com", "password1": PASSWORD, "password2": PASSWORD}


@pytest.mark.parametrize(
    ("mode", "words"), [("closed", "taking new accounts"), ("invite", "need an invitation")]
)
def test_it_is_refused_unless_open(
    db: None, visitor: Client, settings: LazySettings, mode: str, words: str
) -> None:
    settings.SIGNUP = mode
    for answer in (visitor.get(SIGNUP), visitor.post(SIGNUP, FORM)):
        assert answer.status_code == 403
        assert words in answer.content.decode()
    assert not User.objects.exists()
    assert SIGNUP not in visitor.get("/accounts/login/").content.decode()


def test_the_sign_in_page_links_to_it_where_it_is_open(
    db: None, visitor: Client, settings: LazySettings
) -> None:
    settings.SIGNUP = "open"
    assert SIGNUP in visitor.get("/accounts/login/").content.decode()


def test_the_address_is_confirmed_before_anything_else(
    db: None, visitor: Client, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    settings.SIGNUP = "open"
    assert visitor.post(SIGNUP, FORM)["Location"] == reverse("account_email_verification_sent")
    assert visitor.get("/")["Location"].startswith("/accounts/login/")
    path = path_in(mailoutbox[0], settings.SITE_URL)
    assert visitor.get(path).status_code == 200
    assert "_auth_user_id" not in visitor.session
    visitor.post(path)
    assert visitor.session["_auth_user_id"] == str(User.objects.get(email="new@example.com").pk)


@pytest.mark.parametrize("is_known", [True, False])
def test_no_address_is_answered_sooner_than_another(
    alice: User,
    visitor: Client,
    settings: LazySettings,
    mailoutbox: list[EmailMultiAlternatives],
    is_known: bool,
) -> None:
    settings.SIGNUP = "open"
    began = time.monotonic()
    answer = visitor.post(SIGNUP, {**FORM, "email": alice.email if is_known else "new@example.com"})
    assert time.monotonic() - began >= ANSWER_SECONDS
    assert (answer.status_code, len(mailoutbox)) == (302, 1)


def test_it_is_recorded(db: None, visitor: Client, settings: LazySettings) -> None:
    settings.SIGNUP = "open"
    visitor.post(SIGNUP, FORM)
    event = Event.objects.get()
    assert (event.action, event.subject_label) == ("user.created", "new@example.com")


def test_a_newcomer_is_nobody_special(db: None, visitor: Client, settings: LazySettings) -> None:
    settings.SIGNUP = "open"
    visitor.post(SIGNUP, FORM | {"is_staff": "on", "is_superuser": "on", "quota": "1"})
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.quota) == (False, False, None)


def test_a_taken_address_is_told_to_its_owner_alone(
    ann: User, visitor: Client, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    settings.SIGNUP = "open"
    answer = visitor.post(SIGNUP, FORM | {"email": ann.email})
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert mailoutbox[0].to == [ann.email]
    assert "You already have one" in mailoutbox[0].body


def test_a_taken_address_takes_as_much_hashing_as_a_new_one(
    ann: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: one run of Argon2 for either, so that time does not tell which addresses have an account."""
    settings.SIGNUP = "open"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    runs = Counter[str]()
    encode = Argon2PasswordHasher.encode

    def counted(hasher: Argon2PasswordHasher, *args: str) -> str:
        runs[email] += 1
        return encode(hasher, *args)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    for email in (ann.email, "new@example.com"):
        Client().post(SIGNUP, {**FORM, "email": email})
    assert runs == {ann.email: 1, "new@example.com": 1}
