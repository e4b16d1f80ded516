"""The mails of accounts: plain text and HTML of the same words, from and about this site."""

from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from django.conf import LazySettings
from django.conf import settings as site_settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from sharing.accounts.models import Invitation, User
from sharing.mail.outbox import OutboxBackend
from tests.accounts.links_in_mail import html_part, text_of, text_part, words_of

FOLDER = Path(site_settings.BASE_DIR) / "templates" / "account" / "email"
MAILS = sorted(path.name.removesuffix("_subject.txt") for path in FOLDER.glob("*_subject.txt"))


def render(name: str, carol: User) -> EmailMultiAlternatives:
    context = {
        "invitation": Invitation(email="dora@example.com", invited_by=carol),
        "activate_url": f"{site_settings.SITE_URL}/accounts/confirm-email/abc/",
        "password_reset_url": f"{site_settings.SITE_URL}/accounts/password/reset/key/abc/",
        "from_email": "old@example.com",
        "to_email": "new@example.com",
        "deleted_email": "old@example.com",
        "timestamp": timezone.now(),
        "ip": "192.0.2.1",
        "user_agent": "Browser & <b>Sons</b>",
    }
    get_adapter().send_mail(f"account/email/{name}", "dora@example.com", context)
    message = mail.outbox[0]
    assert isinstance(message, EmailMultiAlternatives)
    return message


@pytest.mark.parametrize("name", MAILS)
def test_text_and_html_say_the_same(carol: User, name: str) -> None:
    message = render(name, carol)
    html = html_part(message)
    assert words_of(text_of(html)) == words_of(text_part(message))
    assert "<b>Sons" not in html


@pytest.mark.parametrize("name", MAILS)
def test_it_says_which_site_it_is_from(carol: User, settings: LazySettings, name: str) -> None:
    settings.SITE_URL = "https://files.example.com"
    message = render(name, carol)
    assert "files.example.com" in message.subject
    assert "sent by Waybill at files.example.com" in message.body


@pytest.mark.parametrize("name", MAILS)
def test_it_loads_nothing_from_anywhere(carol: User, name: str) -> None:
    html = html_part(render(name, carol))
    assert not any(mark in html for mark in ("<img", "<script", "<link", "url(", "@import"))


def test_a_subject_is_plain_text(carol: User) -> None:
    carol.name = "Carol O'Hara\nBcc: x@example.com"
    assert render("invitation", carol).subject.startswith("Carol O'Hara Bcc: x@example.com invites you")


def test_the_outbox_keeps_each_mail_as_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    message = EmailMultiAlternatives("Hello", "Grüße", "waybill@example.com", ["dora@example.com"])
    backend = OutboxBackend(alias="default", folder=str(tmp_path / "outbox"))
    assert backend.send_messages([message, message]) == 2
    files = list((tmp_path / "outbox").iterdir())
    assert len(files) == 2
    assert all(file.suffix == ".eml" and file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert b"Subject: Hello" in files[0].read_bytes()
