"""Background tasks of requests. Each may run twice."""

from datetime import timedelta

from django.tasks import task

from sharing.background import periodic
from sharing.mail.mailing import enqueue_overdue
from sharing.requests.models import ArrivalDigest


@task
def send_arrival_digest(digest_id: int) -> None:
    """Mail one digest to its owner."""
    ArrivalDigest.objects.select_related("owner").get(pk=digest_id).send()


@periodic(every=timedelta(minutes=1), name="tell owners")
@task
def send_arrival_digests() -> None:
    """Mail owners what has arrived, and try again what was not taken."""
    ArrivalDigest.objects.send_due()
    enqueue_overdue(ArrivalDigest, send_arrival_digest)


# Rows that were queued before this release hold the former name.
tell_owners = send_arrival_digests
