"""Mails that tell owners what has arrived by their requests: several arrivals in one mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import ClassVar

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.background import enqueue_on_commit
from sharing.files.models import File, Upload
from sharing.mail.composing import FILES_NAMED, compose
from sharing.mail.mailing import DIGEST_DELAY, NEWS_LIFE, Mailing
from sharing.requests.models.guest import Delivery, Guest


@dataclass(frozen=True)
class Parcel:
    """The files of one guest in one mail."""

    guest: Guest
    files: Sequence[File]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def named(self) -> Sequence[File]:
        return self.files[:FILES_NAMED]

    @property
    def more(self) -> int:
        return len(self.files) - len(self.named)


class ArrivalDigestManager(models.Manager["ArrivalDigest"]):
    def send_due(self) -> None:
        """Send one mail to each owner whose oldest unsent arrival has waited long enough. Safe to repeat."""
        now = timezone.now()
        finished = Upload.objects.filter(state=Upload.State.COMPLETE, finished_at__gt=now - NEWS_LIFE)
        unsent = Delivery.objects.filter(
            digest=None,
            guest__request__owner__wants_arrivals=True,
            guest__request__owner__is_active=True,
        )
        # Found by the uploads of a day: for a join databases would go through all deliveries, or all uploads.
        due = unsent.filter(upload__in=finished.filter(finished_at__lte=now - DIGEST_DELAY)).order_by()
        for owner_id in due.values_list("guest__request__owner", flat=True).distinct():
            with transaction.atomic():
                digest = self.create(owner_id=owner_id)
                own = unsent.filter(upload__in=finished, guest__request__owner=owner_id).values("pk")
                # On its own row as well, since PostgreSQL does not ask a subquery again after a racing UPDATE.
                if Delivery.objects.filter(pk__in=own, digest=None).update(digest=digest):
                    enqueue_on_commit("sharing.requests.tasks.send_arrival_digest", digest.pk)
                else:
                    digest.delete()  # another run was quicker


class ArrivalDigest(Mailing):
    """One mail to an owner about what has arrived."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="arrival_digests"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ArrivalDigestManager] = ArrivalDigestManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return _("To %(owner)s, %(date)s") % {
            "owner": self.owner,
            "date": f"{self.created_at:%Y-%m-%d %H:%M}",
        }

    def parcels(self) -> list[Parcel]:
        """Return the files that are still there, grouped by guest. Takes one query."""
        present = self.deliveries.filter(upload__file__deleted_at=None).order_by(
            "guest__request", "guest", "pk"
        )
        by_guest = groupby(present.select_related("upload__file", "guest__request"), attrgetter("guest"))
        return [Parcel(guest, [delivery.upload.file for delivery in sent]) for guest, sent in by_guest]

    def obstacle(self) -> str:
        if not self.owner.is_active:
            return _("The account is suspended.")
        if not self.deliveries.filter(upload__file__deleted_at=None).exists():
            return _("The files were deleted before the email was sent.")
        return super().obstacle()

    def compose(self) -> EmailMessage:
        parcels = self.parcels()
        context = {"parcels": parcels, "count": sum(len(parcel.files) for parcel in parcels)}
        return compose("arrivals", self.owner.email, context, folder="requests/email")
