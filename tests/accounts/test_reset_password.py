"""Choosing a new password by a link in a mail."""

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from tests.accounts.links_in_mail import html_part, path_in, text_part
from tests.people import PASSWORD

RESET = "/accounts/password/reset/"
NEW = "entirely different words 7"


def ask(email: str, **headers: str) -> HttpResponseBase:
    answer: HttpResponseBase = Client().post(RESET, {"email": email}, headers=headers)
    return answer


def choose(client: Client, path: str):  # type: ignore[no-untyped-def]
    form = client.get(path, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})


def test_the_link_sets_a_new_password(
    ann: User, visitor: Client, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    ask(ann.email)
    answer = choose(visitor, path_in(mailoutbox[0], settings.SITE_URL))
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    ann.refresh_from_db()
    assert ann.check_password(NEW)
    assert "was reset with the link we emailed you" in mailoutbox[1].body


def test_the_link_works_once(
    ann: User, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    ask(ann.email)
    path = path_in(mailoutbox[0], settings.SITE_URL)
    choose(Client(), path)
    assert "This link has expired" in Client().get(path, follow=True).content.decode()


def test_looking_changes_nothing(
    ann: User, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    ask(ann.email)
    path = path_in(mailoutbox[0], settings.SITE_URL)
    for _ in range(3):
        assert "Choose a new password" in Client().get(path, follow=True).content.decode()
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


def test_the_answer_is_the_same_for_an_unknown_address(
    ann: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    known, unknown = ask(ann.email), ask("nobody@example.com")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    # Both wait for the mail server, so that time does not tell them apart either.
    assert [message.to for message in mailoutbox] == [[ann.email], ["nobody@example.com"]]
    assert "There is no account" in mailoutbox[1].body


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_the_link_leads_to_this_site_whatever_the_host_header_says(
    ann: User, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives], email: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://files.example.com"
    ask(email, **{"host": "evil.example", "x-forwarded-host": "evil.example"})
    message = mailoutbox[0]
    assert "evil.example" not in f"{message.subject} {message.body} {html_part(message)}"
    assert text_part(message).count("https://files.example.com/") >= (email == "alice@example.com")


def test_another_host_is_refused(ann: User, mailoutbox: list[EmailMultiAlternatives]) -> None:
    assert ask(ann.email, host="evil.example").status_code == 400
    assert mailoutbox == []


def test_the_sessions_of_before_are_over(
    ann: User, ann_client: Client, settings: LazySettings, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    ask(ann.email)
    choose(Client(), path_in(mailoutbox[0], settings.SITE_URL))
    assert ann_client.get("/accounts/profile/").status_code == 302


def test_a_suspended_person_gets_no_link(
    ann: User, carol: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    ann.suspend(by=carol)
    ask(ann.email)
    assert all("/password/reset/key/" not in message.body for message in mailoutbox)


def test_the_sixth_mail_to_an_address_within_a_minute_is_refused(
    ann: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    assert [ask(ann.email).status_code for _ in range(6)] == [302] * 5 + [429]
    assert len(mailoutbox) == 5
