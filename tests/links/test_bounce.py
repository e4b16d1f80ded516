"""A mail comes back later: its sender sees that, and why, and nobody else can make it look so."""

import io
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Recipient
from sharing.mail.address_list import Person
from tests.factories import link_to, recorded_file
from tests.links.mail_server import MailServer
from tests.people import RunTasks

pytestmark = pytest.mark.django_db
REASON = "550 5.1.1 <ann@example.com>: no such user"
STATUS = """\
Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; ann@example.com
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; {reason}
"""


@pytest.fixture
def mail(alice: User, smtp: MailServer, run_tasks: RunTasks) -> EmailMessage:
    """Return the mail that ann's mail server took, and gives back."""
    link = link_to(recorded_file(alice), title="The plan")
    Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    run_tasks()
    return smtp.mails[0]


def bounce_of(
    mail: EmailMessage, *, action: str = "failed", reason: str = REASON, whole: bool = True
) -> bytes:
    """As mail servers write it: RFC 3464, with the mail or its headers alone (RFC 6522)."""
    status = STATUS.format(action=action, reason=reason)
    headers = f"From: {mail['From']}\nTo: {mail['To']}\nMessage-ID: {mail['Message-ID']}\n"
    returned = mail.as_string() if whole else headers
    return (
        "From: MAILER-DAEMON@mx.example.com\nTo: waybill@localhost\nSubject: Undelivered\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nI am sorry.\n"
        f"--b\nContent-Type: message/delivery-status\n\n{status}\n"
        f"--b\nContent-Type: {'message/rfc822' if whole else 'text/rfc822-headers'}\n\n{returned}\n--b--\n"
    ).encode()


def pipe(content: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what `manage.py bounce` says of it."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    call_command("bounce", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("whole", [True, False], ids=["the mail", "its headers alone"])
def test_the_sender_sees_why(
    mail: EmailMessage, alice_client: Client, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    for said in ("ann@example.com is now shown as failed", "Nothing to do"):
        assert said in pipe(bounce_of(mail, whole=whole), monkeypatch)
    recipient = Recipient.objects.with_downloads().get()
    assert (recipient.state, recipient.failure) == ("failed", f"Bounced: {REASON}")
    page = alice_client.get(recipient.link.get_absolute_url()).content.decode()
    assert "no such user" in page
    event = Event.objects.get(action="link.mail_failed")
    assert event.details == {"recipient": "ann@example.com", "reason": f"Bounced: {REASON}"}


def test_after_that_it_can_be_mailed_again(
    mail: EmailMessage, smtp: MailServer, run_tasks: RunTasks, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(bounce_of(mail), monkeypatch)
    Recipient.objects.get().mail_again(by=alice)
    run_tasks()
    assert Recipient.objects.get().failure == ""
    assert smtp.mails[1]["Message-ID"] != mail["Message-ID"]
    assert "shown as failed" in pipe(bounce_of(smtp.mails[1]), monkeypatch)


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered"])
def test_what_is_no_failure_changes_nothing(
    mail: EmailMessage, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    assert "Nothing to do" in pipe(bounce_of(mail, action=action), monkeypatch)
    assert Recipient.objects.get().failure == ""


@pytest.mark.parametrize("change", [{"opened_at": timezone.now()}, {"revoked_at": timezone.now()}])
def test_who_has_it_or_shall_not_have_it_is_left_alone(
    mail: EmailMessage, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    Recipient.objects.update(**change)
    assert "Nothing to do" in pipe(bounce_of(mail), monkeypatch)


def test_a_line_in_the_reason_stays_a_line(mail: EmailMessage, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(bounce_of(mail, reason="550 no\0\n\t\N{RIGHT-TO-LEFT OVERRIDE}such" + " user" * 200), monkeypatch)
    failure = Recipient.objects.get().failure
    assert failure.startswith("Bounced: 550 no")
    assert len(failure) <= 300
    assert not {"\0", "\n", "\t", "\N{RIGHT-TO-LEFT OVERRIDE}"} & set(failure)


def test_nobody_else_can_say_that_a_mail_failed(mail: EmailMessage, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = bounce_of(mail)
    token = Recipient.objects.get().public_id + "x" * 22
    for message_id in ("<1.2.3@localhost>", f"<1.2.3.{token}@localhost>", ""):
        forged = genuine.replace(str(mail["Message-ID"]).encode(), message_id.encode())
        assert forged != genuine
        assert "Nothing to do" in pipe(forged, monkeypatch)
    assert Recipient.objects.get().failure == ""


@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00", b"Subject: I am away\n\nUntil Monday.", b"x" * 2_000_000]
)
def test_what_is_no_bounce_is_left_alone(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing to do" in pipe(content, monkeypatch)
