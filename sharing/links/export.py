"""Exports the history of a link as CSV, for a spreadsheet or a script."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from heapq import merge
from operator import itemgetter

from sharing.audit.models import Event
from sharing.links.models import Download, Link

COLUMNS = ("time", "event", "by", "file", "network", "browser", "details")
ROWS_AT_ONCE = 500
# A spreadsheet takes these for a formula's beginning, in full width as well, perhaps behind what does not show;
# and where a cell begins: in many countries a semicolon begins one, and there it does so within our quotation marks.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(
    "(^|[;\t\r\n])(?=[\t\r\n]|[\\s\u00ad\u200b-\u200f\u2060\ufeff]*[=+@\uff1d\uff0b\uff0d\uff20-])"
)

type Row = tuple[datetime, list[str]]


def history_as_csv(link: Link) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), oldest first, times in UTC (ISO 8601). Takes three queries.

    Names and browsers are strangers' text: a cell that could be a formula gets a quotation mark in front.
    """
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield writer.writerow(COLUMNS)
    for at, cells in merge(_events(link), _openings(link), _downloads(link), key=itemgetter(0)):
        moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        yield writer.writerow([moment, *map(harmless, cells)])


# Events, networks and browsers are mostly the same.
@lru_cache(maxsize=1024)
def harmless(cell: str) -> str:
    """Return the text such that no spreadsheet takes it for a formula."""
    return _FORMULA.sub(r"\1'", cell)


def _events(link: Link) -> Iterator[Row]:
    events = Event.objects.filter(subject_type="link", subject_id=str(link.pk)).order_by("at", "pk")
    for event in events.iterator(ROWS_AT_ONCE):
        details = json.dumps(event.details, ensure_ascii=False) if event.details else ""
        yield event.at, [event.action, event.actor_label, "", "", "", details]


def _openings(link: Link) -> Iterator[Row]:
    """The first view by each recipient's own address. Mail scanners cause some of them."""
    for recipient in (
        link.recipients.exclude(opened_at=None).order_by("opened_at", "pk").iterator(ROWS_AT_ONCE)
    ):
        if recipient.opened_at:
            yield recipient.opened_at, ["link.opened", recipient.email, "", "", "", ""]


def _downloads(link: Link) -> Iterator[Row]:
    downloads = Download.objects.filter(link=link).order_by("at", "pk")
    # Without instances, which take most of the time of tens of thousands.
    rows = downloads.values_list("at", "is_repeat", "recipient__email", "file__name", "network", "user_agent")
    for at, is_repeat, email, name, network, user_agent in rows.iterator(ROWS_AT_ONCE):
        event = "link.downloaded_again" if is_repeat else "link.downloaded"
        yield at, [event, email or "", name, network or "", user_agent, ""]


class _Echo:
    """A file that returns each line, so that the answer can be streamed."""

    def write(self, line: str) -> str:
        return line
