"""Telling senders what has happened: each thing once, several in one mail, and only what they want to know."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.links.models import Digest, Link, Notice, Recipient
from sharing.links.tasks import remind_recipients, send_digests, send_due_mails
from sharing.mail.address_list import Person
from tests.accounts.links_in_mail import html_part, text_of, text_part, words_of
from tests.factories import kept_file, link_to
from tests.people import RunTasks
from tests.races import race

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANN, BOB = Person("ann@example.com", "Ann"), Person("bob@example.com")
Mails = list[EmailMultiAlternatives]


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(kept_file(alice), title="The plan")


@pytest.fixture
def people(link: Link, run_tasks: RunTasks, mailoutbox: Mails) -> list[Recipient]:
    people = list(Recipient.objects.mail(link, [ANN, BOB], by=link.owner))
    run_tasks()
    mailoutbox.clear()
    return people


def download(holder: Link | Recipient) -> None:
    link = holder.link if isinstance(holder, Recipient) else holder
    address = reverse("landing_download", args=[holder.token, link.files.get().pk])
    assert Client().post(address).status_code == 303


def run_jobs(run_tasks: RunTasks, at: datetime) -> None:
    """All that the scheduler would enqueue by then, twice."""
    with time_machine.travel(at):
        for job in 2 * (send_digests, remind_recipients, send_due_mails):
            job.call()
            run_tasks()


def test_the_first_download(
    link: Link, people: list[Recipient], mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    download(people[0])
    download(people[0])
    now = timezone.now()
    run_jobs(run_tasks, now + MINUTE)
    assert mailoutbox == []
    run_jobs(run_tasks, now + 12 * MINUTE)
    run_jobs(run_tasks, now + 60 * MINUTE)
    [mail] = mailoutbox
    assert mail.to == ["alice@example.com"]
    assert mail.subject == "Downloaded: The plan"
    assert "The plan was downloaded for the first time, by Ann" in text_part(mail)
    assert words_of(text_of(html_part(mail))) == words_of(text_part(mail))
    assert link.get_absolute_url() in text_part(mail)
    assert "/s/" not in str(mail.message())


def test_everybody_has_downloaded(people: list[Recipient], mailoutbox: Mails, run_tasks: RunTasks) -> None:
    for person in people:
        download(person)
    now = timezone.now()
    run_jobs(run_tasks, now)
    run_jobs(run_tasks, now + 11 * MINUTE)
    [mail] = mailoutbox
    assert mail.subject == "2 updates on your links"
    assert "Everyone you sent The plan to has downloaded it" in text_part(mail)
    later = list(
        Recipient.objects.mail(people[0].link, [Person("carl@example.com")], by=people[0].link.owner)
    )
    with time_machine.travel(now + HOUR):
        download(later[0])
    run_jobs(run_tasks, now + HOUR + MINUTE)
    run_jobs(run_tasks, now + HOUR + 12 * MINUTE)
    assert mailoutbox[-1].subject == "Downloaded by everyone: The plan"


def test_one_who_is_revoked_is_not_waited_for(
    people: list[Recipient], mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    download(people[0])
    people[1].revoke(by=people[1].link.owner)
    run_jobs(run_tasks, timezone.now())
    assert Notice.objects.filter(kind=Notice.Kind.ALL_DOWNLOADED).count() == 1


def test_what_happens_within_ten_minutes_goes_in_one_mail(
    alice: User, bob: User, mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    links = [link_to(kept_file(owner), title=f"No {n}") for n in range(5) for owner in (alice, bob)]
    start = timezone.now()
    for number, link in enumerate(links):
        with time_machine.travel(start + number * MINUTE):
            download(link)
            send_digests.call()
            run_tasks()
    assert mailoutbox == []
    run_jobs(run_tasks, start + 12 * MINUTE)
    assert sorted(mail.to[0] for mail in mailoutbox) == ["alice@example.com", "bob@example.com"]
    assert all(mail.subject.startswith("5 updates") for mail in mailoutbox)
    body = text_part(mailoutbox[0])
    assert "No 0" in body
    assert "No 4" in body


def test_not_downloaded_yet(
    link: Link, people: list[Recipient], mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    """The sender, and those who have not come, are told a day before the end, once."""
    assert link.expires_at
    with time_machine.travel(link.expires_at - 3 * DAY):
        download(people[0])
    run_jobs(run_tasks, link.expires_at - 3 * DAY + MINUTE)
    run_jobs(run_tasks, link.expires_at - 3 * DAY + HOUR)
    mailoutbox.clear()
    run_jobs(run_tasks, link.expires_at - DAY - MINUTE)
    assert mailoutbox == []
    for hours in (23, 22, 12, 1):
        run_jobs(run_tasks, link.expires_at - hours * HOUR)
    reminder, told = sorted(mailoutbox, key=lambda mail: mail.to[0], reverse=True)
    assert reminder.to == ["bob@example.com"]
    assert reminder.subject == "Not downloaded yet: The plan from Alice"
    assert people[1].url in text_part(reminder)
    assert words_of(text_of(html_part(reminder))) == words_of(text_part(reminder))
    assert told.to == ["alice@example.com"]
    assert told.subject == "Not downloaded yet: The plan"
    assert "has not been downloaded yet by bob@example.com." in text_part(told)


def test_a_plain_link_that_nobody_opened(link: Link, mailoutbox: Mails, run_tasks: RunTasks) -> None:
    assert link.expires_at
    run_jobs(run_tasks, link.expires_at - 23 * HOUR)
    run_jobs(run_tasks, link.expires_at - 22 * HOUR)
    [mail] = mailoutbox
    assert "has not been downloaded yet." in text_part(mail)


def test_a_link_of_an_hour_reminds_nobody(alice: User, mailoutbox: Mails, run_tasks: RunTasks) -> None:
    link = link_to(kept_file(alice), expires_in=HOUR)
    Recipient.objects.mail(link, [ANN], by=alice)
    run_tasks()
    mailoutbox.clear()
    for minutes in (1, 20, 40):
        run_jobs(run_tasks, link.created_at + minutes * MINUTE)
    assert mailoutbox == []


def test_an_extended_link_reminds_anew(link: Link, mailoutbox: Mails, run_tasks: RunTasks) -> None:
    assert link.expires_at
    run_jobs(run_tasks, link.expires_at - 23 * HOUR)
    run_jobs(run_tasks, link.expires_at - 22 * HOUR)
    link.expire_at(link.expires_at + 5 * DAY, by=link.owner)
    run_jobs(run_tasks, link.expires_at - 23 * HOUR)
    run_jobs(run_tasks, link.expires_at - 22 * HOUR)
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    ("switch", "missing"),
    [
        ("wants_first_download", "first_download"),
        ("wants_all_downloaded", "all_downloaded"),
        ("wants_not_downloaded", "not_downloaded"),
        ("wants_reminders", "reminder"),
    ],
)
def test_each_has_an_off_switch(
    alice: User, mailoutbox: Mails, run_tasks: RunTasks, switch: str, missing: str
) -> None:
    User.objects.filter(pk=alice.pk).update(**{switch: False})
    done, waiting = link_to(kept_file(alice)), link_to(kept_file(alice))
    for link in (done, waiting):
        Recipient.objects.mail(link, [ANN], by=alice)
    run_tasks()
    assert waiting.expires_at
    with time_machine.travel(waiting.expires_at - 23 * HOUR):
        download(done.recipients.get())
    for hours in (22, 21):
        run_jobs(run_tasks, waiting.expires_at - hours * HOUR)
    told = {notice.kind for notice in Notice.objects.all()}
    if any("from Alice" in mail.subject for mail in mailoutbox):
        told.add("reminder")
    assert told == {"first_download", "all_downloaded", "not_downloaded", "reminder"} - {missing}


def test_a_suspended_sender_is_told_nothing(link: Link, mailoutbox: Mails, run_tasks: RunTasks) -> None:
    download(link)
    run_jobs(run_tasks, timezone.now())
    link.owner.suspend(by=link.owner)
    for _ in range(2):
        run_tasks()  # the file is moved, which no bucket does for somebody whose clock is an hour ahead
    run_jobs(run_tasks, timezone.now() + HOUR)
    assert mailoutbox == []


def test_of_two_runs_at_once_one_makes_the_mail(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    download(link)
    Notice.objects.create_new()
    Notice.objects.update(created_at=timezone.now() - HOUR)
    create = Digest.objects.create

    def create_too_late(**fields: object) -> Digest:
        monkeypatch.undo()
        Digest.objects.send_due()
        return create(**fields)

    monkeypatch.setattr(Digest.objects, "create", create_too_late)
    Digest.objects.send_due()
    assert Digest.objects.count() == 1
    assert Notice.objects.get().digest == Digest.objects.get()


@pytest.mark.django_db(transaction=True)
def test_jobs_that_run_at_once_tell_it_once(link: Link) -> None:
    download(link)
    Notice.objects.create_new()
    Notice.objects.update(created_at=timezone.now() - HOUR)
    race(lambda _: send_digests.call(), range(8))
    assert Notice.objects.count() == 1
    assert Digest.objects.count() == 1


def test_many_links_take_as_many_queries_as_one(alice: User) -> None:
    def queries_after_downloads_of(count: int) -> int:
        for _ in range(count):
            download(Recipient.objects.create(link=link_to(kept_file(alice)), email=ANN.email))
        with CaptureQueriesContext(connection) as captured:
            Notice.objects.create_new()
        return len(captured)

    assert queries_after_downloads_of(1) == queries_after_downloads_of(3)
    assert Notice.objects.filter(kind=Notice.Kind.ALL_DOWNLOADED).count() == 4


def test_all_have_downloaded_when_the_last_came_for_the_first_time(link: Link) -> None:
    start = timezone.now()
    ann, bob, eve = (Recipient.objects.create(link=link, email=f"{name}@example.com") for name in "abe")
    for minutes, person in enumerate([ann, bob, ann]):
        with time_machine.travel(start + minutes * MINUTE):
            download(person)
    eve.revoke(by=link.owner)
    with time_machine.travel(start + 5 * MINUTE):
        for _ in range(2):
            Notice.objects.create_new()
    [notice] = Notice.objects.filter(kind=Notice.Kind.ALL_DOWNLOADED)
    assert (notice.happened_at - start) // MINUTE == 1


def test_downloads_are_looked_through_once(link: Link) -> None:
    download(link)
    Notice.objects.create_new()
    Notice.objects.all().delete()
    for minutes in (9, 11):
        with time_machine.travel(timezone.now() + minutes * MINUTE):
            Notice.objects.create_new()
    # Within ten minutes a row may come that is dated before the last look.
    assert Notice.objects.count() == 1
    Notice.objects.all().delete()
    with time_machine.travel(timezone.now() + HOUR):
        Notice.objects.create_new()
    assert not Notice.objects.exists()


def test_what_happened_while_nobody_looked_is_caught_up_on(link: Link) -> None:
    Notice.objects.create_new()
    download(link)
    with time_machine.travel(timezone.now() + 20 * HOUR):
        Notice.objects.create_new()
    assert Notice.objects.count() == 1


def test_a_clock_that_was_set_back_hides_no_download(link: Link) -> None:
    with time_machine.travel(timezone.now() + 2 * HOUR):
        Notice.objects.create_new()
    download(link)
    Notice.objects.create_new()
    assert Notice.objects.count() == 1


def test_a_lost_task_is_caught_up_on(link: Link, mailoutbox: Mails, run_tasks: RunTasks) -> None:
    download(link)
    run_jobs(run_tasks, timezone.now())
    Notice.objects.update(created_at=timezone.now() - HOUR)
    Digest.objects.send_due()
    with time_machine.travel(timezone.now() + HOUR):
        send_due_mails.call()
        run_tasks()
    assert len(mailoutbox) == 1
