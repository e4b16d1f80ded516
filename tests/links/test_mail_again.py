"""Trying again: what a mail server refused for now, for good, or did not live to answer."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Recipient
from sharing.links.tasks import send_due_mails
from sharing.mail.address_list import Person
from sharing.mail.mailing import MAX_ATTEMPTS, PAUSES
from tests.factories import link_to, recorded_file
from tests.links.mail_server import MailServer, part
from tests.people import RunTasks
from tests.races import race

pytestmark = pytest.mark.django_db

EMAIL = "ann@example.com"


@pytest.fixture
def ann(alice: User) -> Recipient:
    link = link_to(recorded_file(alice), expires_in=timedelta(days=60))
    [recipient] = Recipient.objects.mail(link, [Person(EMAIL)], by=alice)
    return recipient


def test_a_refusal_for_good_is_shown_at_once(
    ann: Recipient, smtp: MailServer, run_tasks: RunTasks, alice_client: Client
) -> None:
    smtp.answers[EMAIL] = "550 5.1.1 <b>No such user</b> \u202ehere"
    run_tasks()
    ann.refresh_from_db()
    assert ann.has_failed
    assert ann.failure.startswith("550 5.1.1 <b>No such user</b>")
    page = alice_client.get(ann.link.get_absolute_url()).content.decode()
    assert "550 5.1.1 &lt;b&gt;No such user" in page
    assert "Failed" in page
    assert Event.objects.filter(action="link.mail_failed").count() == 1


def test_a_refusal_for_now_is_tried_again(ann: Recipient, smtp: MailServer, run_tasks: RunTasks) -> None:
    smtp.answers[EMAIL] = "451 4.3.0 Come back later"
    run_tasks()
    ann.refresh_from_db()
    assert not ann.has_failed
    assert ann.failure == "451 4.3.0 Come back later"
    smtp.answers.clear()
    with time_machine.travel(timezone.now() + PAUSES[0] - timedelta(seconds=5)):
        send_due_mails.call()
        run_tasks()
        assert smtp.mails == []
    with time_machine.travel(timezone.now() + PAUSES[0] + timedelta(minutes=3)):
        send_due_mails.call()
        run_tasks()
    ann.refresh_from_db()
    assert len(smtp.mails) == 1
    assert (ann.failure, ann.due_at) == ("", None)


def test_it_is_given_up_after_six(ann: Recipient, smtp: MailServer, run_tasks: RunTasks) -> None:
    smtp.answers[EMAIL] = "451 Come back later"
    moment, pauses = timezone.now(), []
    for _ in range(MAX_ATTEMPTS + 2):
        with time_machine.travel(moment, tick=False):
            Recipient.objects.get().send()
        ann.refresh_from_db()
        if ann.due_at:
            pauses.append(ann.due_at - moment)
            moment = ann.due_at
    assert pauses == list(PAUSES)
    assert ann.attempts == MAX_ATTEMPTS
    assert ann.has_failed


def test_a_dropped_connection_is_tried_again(ann: Recipient, smtp: MailServer, run_tasks: RunTasks) -> None:
    smtp.is_hanging_up = True
    run_tasks()
    ann.refresh_from_db()
    assert ann.failure == "The mail server closed the connection."
    assert ann.due_at


def test_a_server_that_is_away_is_tried_again(
    ann: Recipient, smtp: MailServer, settings: LazySettings, run_tasks: RunTasks
) -> None:
    settings.MAILERS["default"]["OPTIONS"]["port"] = 1
    run_tasks()
    ann.refresh_from_db()
    assert ann.failure.startswith("The mail server cannot be reached")
    assert ann.due_at


def test_a_worker_killed_while_it_sent_loses_nothing(
    ann: Recipient, smtp: MailServer, monkeypatch: pytest.MonkeyPatch, run_tasks: RunTasks
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Recipient, "compose", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            Recipient.objects.get().send()
    with time_machine.travel(timezone.now() + PAUSES[0] + timedelta(minutes=3)):
        send_due_mails.call()
        run_tasks()
    assert len(smtp.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_that_send_at_once_one_does(ann: Recipient, smtp: MailServer) -> None:
    rows = [Recipient.objects.select_related("link__owner").get() for _ in range(8)]
    assert race(lambda row: row.send(), rows) == [None] * 8
    assert len(smtp.mails) == 1


def test_the_owner_sends_it_again(
    ann: Recipient, smtp: MailServer, run_tasks: RunTasks, alice_client: Client
) -> None:
    run_tasks()
    alice_client.post(reverse("recipient_mail", args=[ann.public_id]))
    alice_client.post(reverse("recipient_mail", args=[ann.public_id]))
    run_tasks()
    first, second = (part(mail, "plain") for mail in smtp.mails)
    assert first == second


def test_what_is_revoked_meanwhile_is_not_sent(ann: Recipient, smtp: MailServer, run_tasks: RunTasks) -> None:
    ann.revoke(by=ann.link.owner)
    run_tasks()
    ann.mail_again(by=ann.link.owner)
    run_tasks()
    assert smtp.mails == []


def test_what_ended_meanwhile_is_not_sent(ann: Recipient, smtp: MailServer, run_tasks: RunTasks) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        run_tasks()
    ann.refresh_from_db()
    assert smtp.mails == []
    assert "no longer worked" in ann.failure
