"""Background work on requests: each task names one row and calls one verb, and may run twice."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from sharing.background import periodic
from sharing.links.tasks import LOST_AFTER
from sharing.requests.models import ArrivalDigest


@task
def send_arrival_digest(digest_id: int) -> None:
    """Tell an owner what has arrived by their requests."""
    ArrivalDigest.objects.select_related("owner").get(pk=digest_id).send()


@periodic(every=timedelta(minutes=1))
@task
def tell_owners() -> None:
    """Mail what has arrived, and try again what a mail server did not take or a lost task left behind."""
    ArrivalDigest.objects.make_due()
    overdue = ArrivalDigest.objects.filter(due_at__lte=timezone.now() - LOST_AFTER)
    for pk in overdue.values_list("pk", flat=True):
        send_arrival_digest.enqueue(pk)
