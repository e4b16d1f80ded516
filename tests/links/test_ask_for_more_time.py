"""Asking the sender for more time, on the page of a link that has expired."""

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link, Recipient, TimeRequest
from sharing.mail.address_list import Person
from tests.accounts.links_in_mail import html_part, text_of, text_part, words_of
from tests.factories import link_to, recorded_file
from tests.people import RunTasks
from tests.races import race

pytestmark = pytest.mark.django_db

Mails = list[EmailMultiAlternatives]


def expired(owner: User, title: str = "") -> Link:
    link = link_to(recorded_file(owner, name="plan.pdf"), title=title)
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    return Link.objects.get(pk=link.pk)


@pytest.fixture
def link(alice: User) -> Link:
    return expired(alice, title="The plan")


def address(holder: Link | Recipient) -> str:
    return reverse("landing_more_time", args=[holder.token])


def test_the_page_offers_it_and_the_owner_is_mailed(
    link: Link, visitor: Client, mailoutbox: Mails, run_tasks: RunTasks, alice_client: Client
) -> None:
    assert address(link) in visitor.get(link.url).content.decode()
    answer = visitor.post(address(link), {"name": "Dora", "words": "I was ill.\r\nPlease!"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("landing", args=[link.token]))
    run_tasks()
    [mail] = mailoutbox
    assert mail.to == ["alice@example.com"]
    assert mail.subject == "Dora asks for more time: The plan"
    assert "Someone who gave the name Dora" in text_part(mail)
    assert "I was ill.\nPlease!" in text_part(mail)
    assert f"{link.get_absolute_url()}#expiry" in text_part(mail)
    assert words_of(text_of(html_part(mail))) == words_of(text_part(mail))
    page = visitor.get(link.url).content.decode()
    assert "was asked for more time today" in page
    assert address(link) not in page
    assert not visitor.cookies
    history = alice_client.get(link.get_absolute_url()).content.decode()
    assert "asked for more time" in history
    assert "I was ill." in history


def test_it_needs_no_words_no_cookie_and_no_script(link: Link) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(address(link), headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 303


def test_a_recipient_is_known_by_name(
    link: Link, visitor: Client, mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    ann = Recipient.objects.create(link=link, email="ann@example.com", name="Ann", due_at=None)
    visitor.post(address(ann), {"name": "Somebody else"})
    run_tasks()
    [mail] = mailoutbox
    assert mail.subject.startswith("Ann asks for more time")
    assert mail.reply_to == ["Ann <ann@example.com>"]
    assert Event.objects.get(action="link.more_time_asked").details["name"] == "Ann"


def test_once_a_link_and_day(link: Link, visitor: Client) -> None:
    with time_machine.travel("2027-01-10 12:00:00+00:00"):
        assert visitor.post(address(link)).status_code == 303
        assert visitor.post(address(link), REMOTE_ADDR="198.51.100.7").status_code == 429
    with time_machine.travel("2027-01-11 00:00:01+00:00"):
        assert visitor.post(address(link)).status_code == 303
    assert TimeRequest.objects.count() == 2


def test_five_an_hour_from_one_network(alice: User, visitor: Client) -> None:
    links = [expired(alice) for _ in range(7)]
    for link in links[:5]:
        assert visitor.post(address(link), REMOTE_ADDR="198.51.100.7").status_code == 303
    refused = visitor.post(address(links[5]), REMOTE_ADDR="198.51.100.99")
    assert refused.status_code == 429
    assert "Try again in an hour" in refused.content.decode()
    assert visitor.post(address(links[5]), REMOTE_ADDR="203.0.113.1").status_code == 303
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert visitor.post(address(links[6]), REMOTE_ADDR="198.51.100.7").status_code == 303


def test_words_are_short(link: Link, visitor: Client) -> None:
    answer = visitor.post(address(link), {"words": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.content.decode()  # nothing typed is lost
    assert visitor.post(address(link), {"words": "x" * 500}).status_code == 303


@pytest.mark.parametrize("ending", ["open", "revoked", "suspended", "unknown"])
def test_only_what_has_expired_can_be_asked_for(alice: User, visitor: Client, ending: str) -> None:
    link = link_to(recorded_file(alice))
    match ending:
        case "revoked":
            link.revoke(by=alice)
        case "suspended":
            alice.suspend(by=alice)
    target = reverse("landing_more_time", args=["nonsense"]) if ending == "unknown" else address(link)
    status = {"open": 409, "revoked": 410, "suspended": 410, "unknown": 404}[ending]
    assert visitor.post(target).status_code == status
    assert not TimeRequest.objects.exists()


def test_get_asks_nothing(link: Link, visitor: Client) -> None:
    assert visitor.get(address(link)).status_code == 405
    assert not TimeRequest.objects.exists()


def test_nothing_gets_into_the_mail_s_headers(
    link: Link, visitor: Client, mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    name = "Dora\r\nBcc: x@example.com\N{RIGHT-TO-LEFT OVERRIDE}"
    visitor.post(address(link), {"name": name, "words": "<b>x</b>\u202e"})
    run_tasks()
    [mail] = mailoutbox
    message = mail.message()
    assert message["Bcc"] is None
    assert "\u202e" not in str(message["Subject"]) + text_part(mail)
    assert "<b>x" not in html_part(mail)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_does(link: Link) -> None:
    target = address(link)
    answers = race(lambda _: Client().post(target).status_code, range(16))
    assert (answers.count(303), answers.count(429)) == (1, 15)


def test_a_recipient_who_was_revoked_cannot_ask(alice: User, visitor: Client) -> None:
    ann = Person("ann@example.com")
    link = link_to(recorded_file(alice))
    [recipient] = Recipient.objects.mail(link, [ann], by=alice)
    recipient.revoke(by=alice)
    Link.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert visitor.post(address(recipient)).status_code == 410
    assert not Event.objects.filter(action="link.more_time_asked").exists()
