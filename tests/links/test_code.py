"""A code by mail: a link that asks for one opens for its recipients alone, and a forwarded mail opens nothing."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.links.models import Link, OneTimeCode, Recipient, one_time_code
from sharing.mail.address_list import Person
from tests.factories import kept_file, link_to
from tests.links.mail_server import MailServer, part
from tests.people import RunTasks
from tests.races import race

ANN, BOB = Person("ann@example.com", "Ann"), Person("bob@example.com")
pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    link = link_to(kept_file(alice, name="secret-plan.pdf"), title="Secret")
    link.ask_for_code(True, by=alice)
    return link


@pytest.fixture
def ann(link: Link) -> Recipient:
    return Recipient.objects.mail(link, [ANN, BOB], by=link.owner)[0]


def ask(client: Client, recipient: Recipient) -> int:
    return client.post(reverse("landing_code", args=[recipient.token])).status_code


def type_in(client: Client, recipient: Recipient, code: str, *, ip: str = "192.0.2.1") -> int:
    return client.post(recipient.url, {"code": code}, REMOTE_ADDR=ip).status_code


def wrong(code: OneTimeCode) -> str:
    return f"{(int(code.digits) + 1) % 10**6:06}"


def download_of(holder: Link | Recipient, link: Link) -> str:
    return reverse("landing_download", args=[holder.token, link.files.get().pk])


def test_the_mailed_code_opens_the_recipient_s_address(
    link: Link, ann: Recipient, visitor: Client, smtp: MailServer, run_tasks: RunTasks
) -> None:
    run_tasks()
    smtp.mails.clear()
    locked = visitor.get(ann.url)
    assert (locked.status_code, "secret" in locked.content.decode().lower()) == (403, False)
    assert "a…@example.com" in locked.content.decode()
    assert ask(visitor, ann) == 303
    run_tasks()
    [mail] = smtp.mails
    [code] = re.findall(r"^\d{6}\b", part(mail, "plain"), re.MULTILINE)
    assert mail["To"] == "Ann <ann@example.com>"
    assert code in part(mail, "html")
    assert type_in(visitor, ann, f"{code[:3]} {code[3:]}") == 303
    assert "secret-plan.pdf" in visitor.get(ann.url).content.decode()
    assert visitor.post(download_of(ann, link)).status_code == 303


def test_the_mail_itself_tells_nothing_of_what_is_in_it(
    ann: Recipient, smtp: MailServer, run_tasks: RunTasks
) -> None:
    run_tasks()
    for mail in smtp.mails:
        assert "secret" not in f"{mail['Subject']} {part(mail, 'plain')} {part(mail, 'html')}".lower()


def test_the_plain_address_and_a_forwarded_mail_open_nothing(
    link: Link, ann: Recipient, visitor: Client
) -> None:
    for holder in (link, ann):
        assert visitor.get(holder.url).status_code == 403
        assert visitor.post(holder.url, {"code": ""}).status_code == 403
        assert visitor.post(download_of(holder, link)).status_code == 403
    assert visitor.post(reverse("landing_code", args=[link.token])).status_code == 403
    assert not OneTimeCode.objects.exists()


def test_a_browser_that_keeps_no_cookie_is_told_to_get_a_new_code(ann: Recipient) -> None:
    answer = Client().post(ann.url, {"code": OneTimeCode.objects.mail_to(ann).digits})
    page = Client().get(answer["Location"]).content.decode()
    assert "did not keep the cookie" in page
    assert "get a new code" in page


def test_two_codes_are_mailed_and_a_used_one_ends_the_older(ann: Recipient) -> None:
    older, newer = OneTimeCode.objects.mail_to(ann), OneTimeCode.objects.mail_to(ann)
    assert OneTimeCode.objects.accept(ann, newer.digits)
    assert not OneTimeCode.objects.accept(ann, older.digits)


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_type_the_right_code_at_once_one_is_let_in(ann: Recipient) -> None:
    code = OneTimeCode.objects.mail_to(ann)
    answers = race(lambda _: OneTimeCode.objects.accept(ann, code.digits), range(10))
    assert answers.count(True) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_whose_right_code_is_compared_at_the_same_moment_one_is_let_in(
    ann: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = OneTimeCode.objects.mail_to(ann)
    both_compare = threading.Barrier(2)

    def compare(expected: str, typed: str) -> bool:
        both_compare.wait(timeout=10)
        return expected == typed

    monkeypatch.setattr(one_time_code, "constant_time_compare", compare)
    answers = race(lambda _: OneTimeCode.objects.accept(ann, code.digits), range(2))
    assert sorted(answers, key=bool) == [False, True]


@pytest.mark.parametrize("is_revoked", [True, False])
def test_a_link_that_has_ended_mails_no_code(ann: Recipient, link: Link, is_revoked: bool) -> None:
    if is_revoked:
        link.revoke(by=link.owner)
    else:
        Link.objects.filter(pk=link.pk).update(expires_at=timezone.now())
    assert ask(Client(), ann) == 410
    assert not OneTimeCode.objects.exists()


def test_looking_mails_nothing(ann: Recipient, visitor: Client) -> None:
    visitor.get(ann.url)
    assert visitor.get(reverse("landing_code", args=[ann.token])).status_code == 405
    assert not OneTimeCode.objects.exists()


def test_a_code_works_once_and_for_a_quarter_of_an_hour(ann: Recipient) -> None:
    code = OneTimeCode.objects.mail_to(ann)
    assert OneTimeCode.objects.accept(ann, code.digits)
    assert not OneTimeCode.objects.accept(ann, code.digits)
    late = OneTimeCode.objects.mail_to(ann)
    with time_machine.travel(timezone.now() + timedelta(minutes=15)):
        assert not OneTimeCode.objects.accept(ann, late.digits)


def test_a_newer_code_ends_the_former_and_another_s_opens_nothing(ann: Recipient, link: Link) -> None:
    bob = link.recipients.get(email=BOB.email)
    former, newer, foreign = (OneTimeCode.objects.mail_to(person) for person in (ann, ann, bob))
    assert not OneTimeCode.objects.accept(ann, former.digits)
    assert not OneTimeCode.objects.accept(ann, foreign.digits)
    assert OneTimeCode.objects.accept(ann, newer.digits)


def test_a_code_can_be_guessed_at_ten_times_from_all_networks_together(ann: Recipient) -> None:
    code = OneTimeCode.objects.mail_to(ann)
    for network in range(10):
        assert type_in(Client(), ann, wrong(code), ip=f"192.0.{network}.1") == 403
    assert type_in(Client(), ann, code.digits, ip="198.51.100.1") == 403


def test_no_more_than_five_codes_are_mailed_in_a_quarter_of_an_hour(ann: Recipient, visitor: Client) -> None:
    assert [ask(visitor, ann) for _ in range(6)] == [303] * 5 + [429]
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert ask(visitor, ann) == 303


def test_no_more_than_twenty_codes_are_mailed_in_a_day(ann: Recipient, visitor: Client) -> None:
    answers = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            answers += [ask(visitor, ann) for _ in range(5)]
            clock.shift(timedelta(minutes=16))
        assert answers == [303] * 20 + [429] * 5
        clock.shift(timedelta(days=1))
        assert ask(visitor, ann) == 303


def test_a_key_is_the_recipient_s_alone(link: Link, ann: Recipient, visitor: Client) -> None:
    type_in(visitor, ann, OneTimeCode.objects.mail_to(ann).digits)
    bob = link.recipients.get(email=BOB.email)
    for cookie in visitor.cookies.values():
        cookie["path"] = "/"
    assert visitor.get(ann.url).status_code == 200
    assert visitor.get(bob.url).status_code == 403


def test_a_password_may_be_asked_for_as_well(link: Link, ann: Recipient, visitor: Client) -> None:
    link.set_password("open sesame", by=link.owner)
    code = OneTimeCode.objects.mail_to(ann).digits
    assert visitor.post(ann.url, {"password": "open barley", "code": code}).status_code == 403
    assert visitor.post(ann.url, {"password": "open sesame", "code": code}).status_code == 303
    assert visitor.get(ann.url).status_code == 200


def test_who_typed_the_password_before_has_to_type_a_code_as_well(
    link: Link, ann: Recipient, visitor: Client
) -> None:
    link.ask_for_code(False, by=link.owner)
    link.set_password("open sesame", by=link.owner)
    holders = (link, ann)
    for holder in holders:
        assert visitor.post(holder.url, {"password": "open sesame"}).status_code == 303
        visitor.cookies["waybill-key"]["path"] = "/"
        assert visitor.get(holder.url).status_code == 200
    link.ask_for_code(True, by=link.owner)
    for holder in holders:
        assert visitor.get(holder.url).status_code == 403
        assert visitor.post(download_of(holder, link)).status_code == 403


def test_the_owner_switches_it_on_and_off(alice: User, alice_client: Client, visitor: Client) -> None:
    link = link_to(kept_file(alice))
    address = reverse("link_settings", args=[link.public_id])
    alice_client.post(address, {"code": "on"})
    assert visitor.get(link.url).status_code == 403
    page = alice_client.get(link.get_absolute_url()).content.decode()
    assert "Emailed code required" in page
    alice_client.post(address, {"code": "off"})
    assert visitor.get(link.url).status_code == 200
