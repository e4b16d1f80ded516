"""The history of a request: what was done to it, and what arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import models
from django.db.models import OuterRef, Subquery

from sharing.audit.models import Event
from sharing.files.models import Upload
from sharing.requests.models import Delivery, FileRequest, Guest

ENTRIES_SHOWN = 100


@dataclass(frozen=True)
class Arrival:
    """Files that one guest sent one after the other, within the same hour."""

    guest: Guest
    deliveries: Sequence[Delivery]

    @property
    def at(self) -> datetime:
        """The time at which the last of them arrived."""
        return self.deliveries[0].upload.finished_at or self.deliveries[0].upload.created_at

    @property
    def count(self) -> int:
        return len(self.deliveries)

    @property
    def size(self) -> int:
        """Return the bytes of all of them."""
        return sum(delivery.upload.file.size for delivery in self.deliveries)


def history_of(file_request: FileRequest) -> list[Event | Arrival]:
    """Return the latest events and arrivals, newest first. Takes two queries."""
    events = Event.objects.filter(subject_type="filerequest", subject_id=str(file_request.pk))
    entries: list[Event | Arrival] = [*events[:ENTRIES_SHOWN], *_arrivals(file_request)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:ENTRIES_SHOWN]


def with_latest_arrival(requests: "models.QuerySet[FileRequest]") -> "models.QuerySet[FileRequest]":
    """Annotate `latest_arrival`, the time at which a file arrived last; None for none."""
    complete = Delivery.objects.filter(
        guest__request=OuterRef("pk"), upload__state=Upload.State.COMPLETE
    ).order_by("-upload__finished_at")
    return requests.annotate(latest_arrival=Subquery(complete.values("upload__finished_at")[:1]))


def _arrivals(file_request: FileRequest) -> list[Arrival]:
    complete = Delivery.objects.filter(guest__request=file_request, upload__state=Upload.State.COMPLETE)
    latest = complete.select_related("upload__file", "guest").order_by("-upload__finished_at", "-pk")
    grouped = groupby(latest[:ENTRIES_SHOWN], key=_guest_and_hour)
    return [Arrival(delivery.guest, [delivery, *others]) for _, (delivery, *others) in grouped]


def _guest_and_hour(delivery: Delivery) -> tuple[int, str]:
    at = delivery.upload.finished_at or delivery.upload.created_at
    return delivery.guest_id, f"{at:%Y-%m-%d %H}"
