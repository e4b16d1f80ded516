"""Mailing a link: each recipient has an address of their own; through a real mail server, opened in a parser."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.errors import MailLimitReached
from sharing.links.models import Link, Recipient
from sharing.mail.address_list import Person
from tests.accounts.links_in_mail import text_of, words_of
from tests.factories import kept_file, link_to
from tests.links.mail_server import MailServer, part
from tests.people import RunTasks

pytestmark = pytest.mark.django_db

ANN, BOB = Person("ann@example.com", "Ann Smith"), Person("bob@example.com")
INJECTION = "Report\r\nBcc: evil@example.com\r\n\r\n<b>Body"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(kept_file(alice, name="plan.pdf"), title="The plan", message="As promised.")


def send(link: Link, *people: Person, message: str = "") -> None:
    Recipient.objects.mail(link, people, message=message, by=link.owner)


def test_each_gets_an_address_of_their_own(
    link: Link, smtp: MailServer, run_tasks: RunTasks, visitor: Client
) -> None:
    send(link, ANN, BOB)
    run_tasks()
    assert [mail["To"] for mail in smtp.mails] == ["Ann Smith <ann@example.com>", "bob@example.com"]
    for mail, recipient in zip(smtp.mails, Recipient.objects.all(), strict=True):
        for kind in ("plain", "html"):
            assert set(re.findall(r"http\S+?/s/[\w-]+/", part(mail, kind))) == {recipient.url}
        assert link.url not in mail.as_string()
        assert visitor.get(recipient.url).status_code == 200
        assert recipient.mailed_at
        assert recipient.due_at is None


def test_both_parts_say_the_same(link: Link, smtp: MailServer, run_tasks: RunTasks) -> None:
    send(link, ANN)
    run_tasks()
    [mail] = smtp.mails
    assert mail.get_content_type() == "multipart/alternative"
    html, plain = part(mail, "html"), part(mail, "plain")
    assert words_of(text_of(html)) == words_of(plain)
    for words in ("Alice (alice@example.com)", "The plan", "As promised.", "plan.pdf", "5 bytes", "until"):
        assert words in plain
    assert "color-scheme" in html
    assert not any(mark in html for mark in ("<img", "<script", "<link", "url(", "@import"))


def test_it_comes_from_the_site_in_the_name_of_the_sender(
    link: Link, smtp: MailServer, run_tasks: RunTasks
) -> None:
    send(link, ANN)
    run_tasks()
    [mail] = smtp.mails
    assert smtp.envelopes == [("waybill@localhost", ["ann@example.com"])]
    assert mail["From"] == "Alice <waybill@localhost>"
    assert mail["Reply-To"] == "Alice <alice@example.com>"
    assert mail["Subject"] == "Alice sent you The plan"
    assert mail["Auto-Submitted"] == "auto-generated"


def headers_are_ours(mail: EmailMessage) -> bool:
    known = {
        *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo"),
    }
    return set(mail.keys()) <= known and all(len(mail.get_all(name, [])) == 1 for name in mail)


@pytest.mark.parametrize(
    "name", [INJECTION, f'{OVERRIDE}"Alice", <x@y>', "a\x07b\u2028c", "عمر 😀", "Alice, Bob: C; D"]
)
def test_nothing_gets_into_the_headers(alice: User, smtp: MailServer, run_tasks: RunTasks, name: str) -> None:
    alice.name = name
    alice.save()
    link = link_to(kept_file(alice, name=name), title=name, message=name)
    send(link, Person("ann@example.com", name))
    run_tasks()
    [mail] = smtp.mails
    assert headers_are_ours(mail)
    assert smtp.envelopes[0][1] == ["ann@example.com"]
    for field in ("From", "To", "Reply-To"):
        [address] = mail[field].addresses
        assert address.domain in {"localhost", "example.com"}
    for text in (str(mail["Subject"]), str(mail["From"]), part(mail, "plain"), part(mail, "html")):
        assert OVERRIDE not in text
        assert "\x07" not in text
        assert "<b>Body" not in part(mail, "html")


def test_other_scripts_and_emoji_survive(alice: User, smtp: MailServer, run_tasks: RunTasks) -> None:
    family = "👨\u200d👩\u200d👧"
    alice.name = "عمر"
    alice.save()
    send(link_to(kept_file(alice), title=f"שלום {family}", message=f"مرحبا\n{family}"), ANN)
    run_tasks()
    [mail] = smtp.mails
    assert mail["From"].addresses[0].display_name == "عمر"
    assert mail["Subject"] == f"عمر sent you שלום {family}"
    assert f"مرحبا\n{family}" in part(mail, "plain").replace("\r\n", "\n")
    assert 'dir="auto"' in part(mail, "html")


def test_a_message_of_its_own(link: Link, smtp: MailServer, run_tasks: RunTasks) -> None:
    send(link, ANN, message="Only for you.")
    run_tasks()
    plain = part(smtp.mails[0], "plain")
    assert "Only for you." in plain
    assert "As promised." not in plain


def test_nobody_gets_it_twice(link: Link, smtp: MailServer, run_tasks: RunTasks) -> None:
    send(link, ANN)
    send(link, Person("ANN@example.com"), BOB)
    run_tasks()
    Recipient.objects.get(email=ANN.email).send()
    assert [mail["To"] for mail in smtp.mails] == ["Ann Smith <ann@example.com>", "bob@example.com"]


def test_no_more_than_a_day_allows(link: Link, settings: LazySettings) -> None:
    settings.MAILS_PER_DAY = 2
    send(link, ANN)
    with pytest.raises(MailLimitReached) as refusal:
        send(link, BOB, Person("carl@example.com"))
    assert refusal.value.left == 1
    assert Recipient.objects.count() == 1
    send(link, BOB)
    with pytest.raises(MailLimitReached):
        send(link, Person("carl@example.com"))
    bob = Recipient.objects.get(email=BOB.email)
    bob.send()
    with pytest.raises(MailLimitReached):
        bob.mail_again(by=link.owner)
    bob.refresh_from_db()
    assert bob.due_at is None
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        send(link, Person("carl@example.com"))


def test_it_is_recorded_and_shown(
    link: Link, smtp: MailServer, run_tasks: RunTasks, alice_client: Client, visitor: Client
) -> None:
    send(link, ANN)
    run_tasks()
    ann = Recipient.objects.get()
    visitor.get(ann.url)
    visitor.post(reverse("landing_download", args=[ann.token, link.files.get().pk]))
    actions = set(Event.objects.filter(subject_type="link").values_list("action", flat=True))
    assert {"link.addressed", "link.mailed"} <= actions
    assert ann.token not in str(list(Event.objects.values()))
    page = text_of(alice_client.get(link.get_absolute_url()).content.decode())
    for words in ("Emailed to ann@example.com", "First opened by Ann Smith", "Downloaded by"):
        assert words in re.sub(r"\s+", " ", page)


def test_a_suspended_sender_mails_nothing(link: Link, smtp: MailServer, run_tasks: RunTasks) -> None:
    send(link, ANN)
    link.owner.suspend(by=link.owner)
    run_tasks()
    assert smtp.mails == []
    assert Recipient.objects.get().has_failed


def test_what_asks_for_a_password_is_not_told(alice: User, smtp: MailServer, run_tasks: RunTasks) -> None:
    file = kept_file(alice, name="secret-plan.pdf")
    link = link_to(file, title="Secret", message="Secret too", name="report", password="sesame seeds")
    send(link, ANN)
    run_tasks()
    [mail] = smtp.mails
    for text in (mail["Subject"], part(mail, "plain"), part(mail, "html")):
        assert "secret" not in text.lower()
    assert "a password: the sender tells you in another way" in part(mail, "plain")
    assert words_of(text_of(part(mail, "html"))) == words_of(part(mail, "plain"))
    assert f"/s/report-{Recipient.objects.get().token}/" in part(mail, "plain")


def test_a_recipient_is_asked_for_the_password_as_well(alice: User) -> None:
    link = link_to(kept_file(alice, name="secret-plan.pdf"), password="sesame seeds")
    [ann] = Recipient.objects.mail(link, [ANN], by=alice)
    client = Client()
    locked = client.get(ann.url)
    assert (locked.status_code, "secret-plan" in locked.content.decode()) == (403, False)
    download = reverse("landing_download", args=[ann.token, link.files.get().pk])
    assert client.post(download).status_code == 403
    client.post(ann.url, {"password": "sesame seeds"})
    assert "secret-plan" in client.get(ann.url).content.decode()
    assert client.post(download).status_code == 303
