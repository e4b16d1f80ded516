"""Background work on links: each task names one row and calls one verb, and may run twice."""

from datetime import timedelta

from django.tasks import Task, task

from sharing.background import URGENT, periodic
from sharing.links.models import Digest, Download, Link, Notice, OneTimeCode, Recipient, TimeRequest
from sharing.mail.mailing import Mailing, enqueue_overdue


@task
def send_recipient(recipient_id: int) -> None:
    """Mail somebody their own address; it is computed here, so that the task's stored arguments open nothing."""
    Recipient.objects.select_related("link__owner").get(pk=recipient_id).send()


@task
def send_code(code_id: int) -> None:
    """Mail somebody the code that opens their address."""
    OneTimeCode.objects.select_related("recipient__link__owner").get(pk=code_id).send()


@task
def send_digest(digest_id: int) -> None:
    """Tell a sender what has happened to their links."""
    Digest.objects.select_related("owner").get(pk=digest_id).send()


@task
def send_time_request(request_id: int) -> None:
    """Tell a sender that somebody came too late."""
    TimeRequest.objects.select_related("link__owner", "recipient").get(pk=request_id).send()


_MAILINGS: list[tuple[type[Mailing], Task[[int], None]]] = [
    (Recipient, send_recipient),
    (OneTimeCode, send_code),
    (Digest, send_digest),
    (TimeRequest, send_time_request),
]


@periodic(every=timedelta(minutes=1))
@task
def send_due_mails() -> None:
    """Try again what a mail server did not take, and catch up on what a lost task left behind."""
    for mailing, send in _MAILINGS:
        enqueue_overdue(mailing, send)


@periodic(every=timedelta(minutes=10))
@task
def remind_recipients() -> None:
    """Have those reminded who have not come for what ends within a day."""
    Recipient.objects.remind()


@periodic(every=timedelta(minutes=1), name="tell senders")
@task
def send_digests() -> None:
    """Mail senders what has happened to their links."""
    Notice.objects.collect_new()
    Digest.objects.send_due()


# Rows that were queued before this release hold the former name.
tell_senders = send_digests


@task(priority=URGENT)
def stop_downloads(link_id: int, recipient_id: int | None = None, file_id: str | None = None) -> None:
    """Have what a link gave lately stop working: all of it, or what it gave one recipient, or one file."""
    Link.objects.get(pk=link_id).stop_downloads(recipient_id=recipient_id, file_id=file_id)


@periodic(every=timedelta(days=1))
@task
def forget_addresses() -> None:
    """Forget where downloads came from, once that has been known long enough."""
    Download.objects.forget_addresses()
