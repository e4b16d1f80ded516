"""Telling owners what has arrived: a batch in one mail, each file once, and only those who want to know."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sharing.accounts.models import User
from sharing.requests.models import ArrivalDigest, FileRequest
from sharing.requests.tasks import send_arrival_digests
from tests.accounts.links_in_mail import html_part, text_of, text_part, words_of
from tests.people import RunTasks
from tests.races import race
from tests.requests.factories import arrived, guest_at, known_guest, request_of

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Mails = list[EmailMultiAlternatives]


@pytest.fixture
def file_request(alice: User) -> FileRequest:
    return request_of(alice, title="Tax papers")


def run_jobs(run_tasks: RunTasks, at: datetime) -> None:
    """All that the scheduler would enqueue by then, twice."""
    with time_machine.travel(at):
        for _ in range(2):
            send_arrival_digests.call()
            run_tasks()


def test_a_batch_is_told_in_one_mail_once(
    file_request: FileRequest, mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    ann = known_guest(file_request, "Ann", email="ann@example.com")
    for number in range(12):
        arrived(ann, f"scan {number:02}.pdf", size=1_000_000)
    now = timezone.now()
    run_jobs(run_tasks, now + 9 * MINUTE)
    assert mailoutbox == []
    run_jobs(run_tasks, now + 11 * MINUTE)
    run_jobs(run_tasks, now + HOUR)
    [mail] = mailoutbox
    assert mail.to == ["alice@example.com"]
    assert mail.subject == "Ann <ann@example.com> sent 12 files: Tax papers"
    assert "Ann <ann@example.com> sent 12 files (12 MB) for Tax papers:" in text_part(mail)
    assert "- scan 09.pdf, 1 MB\n- and 2 more\n" in text_part(mail)
    assert file_request.get_absolute_url() in text_part(mail)
    assert words_of(text_of(html_part(mail))) == words_of(text_part(mail))
    assert file_request.token not in str(mail.message())


def test_several_guests_at_several_requests_share_a_mail_and_owners_do_not(
    file_request: FileRequest, alice: User, bob: User, mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    arrived(known_guest(file_request, "Ann"))
    arrived(known_guest(file_request, "Ben"))
    arrived(known_guest(request_of(alice, title="Photos"), ""))
    arrived(known_guest(request_of(bob, title="Plans"), "Eve"))
    run_jobs(run_tasks, timezone.now() + 11 * MINUTE)
    to_alice, to_bob = sorted(mailoutbox, key=lambda mail: mail.to)
    assert to_alice.subject == "3 files have arrived for your requests"
    body = text_part(to_alice)
    assert "Ben sent 1 file (5 bytes) for Tax papers" in body
    assert "someone who gave no name sent 1 file (5 bytes) for Photos" in body
    assert "Plans" not in body
    assert to_bob.subject == "Eve sent scan.pdf: Plans"


def test_a_guest_s_name_gets_into_no_header_and_no_markup(
    file_request: FileRequest, mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    hostile = "Ann\r\nBcc: all@example.com\r\n\r\n<b>bold</b>\N{RIGHT-TO-LEFT OVERRIDE}"
    guest_at(file_request, hostile)
    kept = file_request.guests.get()
    assert kept.name == "Ann Bcc: all@example.com <b>bold</b>"
    kept.name = hostile[:100]  # as if it had come in by another way
    kept.save()
    arrived(kept, "a.pdf")
    run_jobs(run_tasks, timezone.now() + 11 * MINUTE)
    [mail] = mailoutbox
    assert "\n" not in mail.subject
    message = mail.message()
    assert message["Bcc"] is None
    assert message.get_all("To") == ["alice@example.com"]
    assert "<b>bold" not in html_part(mail)
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text_part(mail)


def test_what_was_deleted_or_is_a_day_old_or_unwanted_is_not_told(
    file_request: FileRequest, alice: User, bob: User, mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    arrived(known_guest(file_request)).delete_by(alice)
    bob.wants_arrivals = False
    bob.save()
    arrived(known_guest(request_of(bob)))
    run_jobs(run_tasks, timezone.now() + 11 * MINUTE)
    assert mailoutbox == []
    arrived(known_guest(file_request))
    run_jobs(run_tasks, timezone.now() + DAY + MINUTE)
    alice.suspend(by=bob)
    run_jobs(run_tasks, timezone.now() + 12 * MINUTE)
    assert mailoutbox == []


def test_a_lost_task_is_caught_up_on(
    file_request: FileRequest, mailoutbox: Mails, run_tasks: RunTasks
) -> None:
    arrived(known_guest(file_request))
    with time_machine.travel(timezone.now() + 11 * MINUTE):
        ArrivalDigest.objects.send_due()
    run_jobs(run_tasks, timezone.now() + 20 * MINUTE)
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_jobs_that_run_at_once_make_one_mail(file_request: FileRequest) -> None:
    arrived(known_guest(file_request))
    with time_machine.travel(timezone.now() + 11 * MINUTE):
        race(lambda _: send_arrival_digests.call(), range(8))
    assert ArrivalDigest.objects.count() == 1


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's plans: tests/runtime/test_many_rows.py"
)
def test_only_uploads_of_a_day_are_looked_at() -> None:
    with CaptureQueriesContext(connection) as captured:
        send_arrival_digests.call()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {captured[0]['sql']}")
        plan = [row[-1] for row in cursor.fetchall()]
    assert any("upload_completed (finished_at>? AND finished_at<?)" in step for step in plan)
