"""The history of a link for its page, newest first."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Count, Min

from sharing.audit.models import Event
from sharing.links.models import Link, Recipient

ENTRIES_SHOWN = 100


@dataclass(frozen=True)
class Opening:
    """The first view by a recipient's own address. Mail scanners cause some of them."""

    at: datetime
    opener: Recipient


@dataclass(frozen=True)
class Collection:
    """The files that one visitor downloaded at one moment: the first, and the number of the others."""

    at: datetime
    first_name: str
    more: int
    recipient: Recipient | None
    is_repeat: bool
    network: str | None
    user_agent: str


type Entry = Event | Collection | Opening


def history_of(link: Link) -> list[Entry]:
    """Return its latest events, openings and collections in one list. An event has an `action`.

    Takes three queries, and one for the recipients who downloaded.
    """
    events = Event.objects.filter(subject_type="link", subject_id=str(link.pk))[:ENTRIES_SHOWN]
    opened = link.recipients.exclude(opened_at=None).order_by("-opened_at")[:ENTRIES_SHOWN]
    openings = [Opening(recipient.opened_at, recipient) for recipient in opened if recipient.opened_at]
    entries: list[Entry] = [*events, *_collections(link), *openings]
    return sorted(entries, key=attrgetter("at"), reverse=True)[:ENTRIES_SHOWN]


def _collections(link: Link) -> list[Collection]:
    """Return the latest, grouped by the database: one of them may be thousands of downloads."""
    shared = ("at", "recipient_id", "visitor", "is_repeat", "network", "user_agent")
    # Without the moments SQLite would group every download that the link ever had.
    moments = link.downloads.order_by("-at").values("at").distinct()[:ENTRIES_SHOWN]
    groups = link.downloads.filter(at__in=moments).values(*shared).order_by("-at", "is_repeat")
    rows = list(groups.annotate(first_name=Min("file__name"), more=Count("pk") - 1)[:ENTRIES_SHOWN])
    recipients = link.recipients.in_bulk({row["recipient_id"] for row in rows if row["recipient_id"]})
    return [
        Collection(
            at=row["at"],
            first_name=row["first_name"],
            more=row["more"],
            recipient=recipients.get(row["recipient_id"]),
            is_repeat=row["is_repeat"],
            network=row["network"],
            user_agent=row["user_agent"],
        )
        for row in rows
    ]
