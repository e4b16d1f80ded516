"""What has happened to a link, newest first."""

from operator import attrgetter

from sharing.audit.models import Event
from sharing.links.models import Download, Link

ENTRIES_SHOWN = 100


def history_of(link: Link) -> list[Event | Download]:
    """Its latest events and downloads in one list; an event has an `action`. Takes two queries."""
    events = Event.objects.filter(subject_type="link", subject_id=str(link.pk))[:ENTRIES_SHOWN]
    downloads = link.downloads.select_related("file")[:ENTRIES_SHOWN]
    entries: list[Event | Download] = [*events, *downloads]
    return sorted(entries, key=attrgetter("at"), reverse=True)[:ENTRIES_SHOWN]
