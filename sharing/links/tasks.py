"""Background tasks of links. Each calls one method, and may run twice."""

from datetime import timedelta

from django.tasks import Task, task

from sharing.background import URGENT, periodic
from sharing.links.models import Digest, Download, Link, Notice, OneTimeCode, Recipient, TimeRequest
from sharing.mail.mailing import Mailing, enqueue_overdue


@task
def send_recipient(recipient_id: int) -> None:
    """Mail a recipient their address. It is computed here, so that the task's stored arguments grant no access."""
    Recipient.objects.select_related("link__owner").get(pk=recipient_id).send()


@task
def send_code(code_id: int) -> None:
    """Mail a recipient the code that opens their address."""
    OneTimeCode.objects.select_related("recipient__link__owner").get(pk=code_id).send()


@task
def send_digest(digest_id: int) -> None:
    """Mail a sender what has happened to their links."""
    Digest.objects.select_related("owner").get(pk=digest_id).send()


@task
def send_time_request(request_id: int) -> None:
    """Mail a sender that a visitor asks for more time."""
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
    """Retry mails that a mail server did not take, and send those whose task was lost."""
    for mailing, send in _MAILINGS:
        enqueue_overdue(mailing, send)


@periodic(every=timedelta(minutes=10))
@task
def remind_recipients() -> None:
    """Schedule reminders to recipients of links that expire within a day."""
    Recipient.objects.remind()


@periodic(every=timedelta(minutes=1), name="tell senders")
@task
def send_digests() -> None:
    """Mail senders what has happened to their links."""
    Notice.objects.create_new()
    Digest.objects.send_due()


# Rows that were queued before this release hold the former name.
tell_senders = send_digests


@task(priority=URGENT)
def stop_downloads(link_id: int, recipient_id: int | None = None, file_id: str | None = None) -> None:
    """Stop recent downloads of a link: all of them, or those of one recipient or of one file."""
    Link.objects.get(pk=link_id).stop_downloads(recipient_id=recipient_id, file_id=file_id)


@periodic(every=timedelta(days=1))
@task
def forget_addresses() -> None:
    """Clear network and browser of old downloads."""
    Download.objects.forget_addresses()
