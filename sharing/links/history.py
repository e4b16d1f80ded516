"""What has happened to a link, newest first."""

from itertools import islice
from operator import attrgetter

from sharing.audit.models import Event
from sharing.links.models import Download, Link

ENTRIES_SHOWN = 100


def history_of(link: Link) -> list[Event | Download]:
    """Its latest events and downloads in one list; an event has an `action`. Takes two queries."""
    events = Event.objects.filter(subject_type="link", subject_id=str(link.pk))[:ENTRIES_SHOWN]
    downloads = link.downloads.select_related("file")[:ENTRIES_SHOWN]
    newest_first = sorted([*events, *downloads], key=attrgetter("at"), reverse=True)
    return list(islice(newest_first, ENTRIES_SHOWN))
