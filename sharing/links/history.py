"""What has happened to a link, newest first."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sharing.audit.models import Event
from sharing.links.models import Download, Link, Recipient

ENTRIES_SHOWN = 100


@dataclass(frozen=True)
class Opening:
    """That somebody opened their own address for the first time. Scanners of mails do that, too."""

    at: datetime
    opener: Recipient


def history_of(link: Link) -> list[Event | Download | Opening]:
    """Its latest events, openings and downloads in one list; an event has an `action`. Takes three queries."""
    events = Event.objects.filter(subject_type="link", subject_id=str(link.pk))[:ENTRIES_SHOWN]
    downloads = link.downloads.select_related("file", "recipient")[:ENTRIES_SHOWN]
    opened = link.recipients.exclude(opened_at=None).order_by("-opened_at")[:ENTRIES_SHOWN]
    openings = [Opening(recipient.opened_at, recipient) for recipient in opened if recipient.opened_at]
    entries: list[Event | Download | Opening] = [*events, *downloads, *openings]
    return sorted(entries, key=attrgetter("at"), reverse=True)[:ENTRIES_SHOWN]
