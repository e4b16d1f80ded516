"""Views are counted in memory and written together, a second later: to write each took as long as to read the link.

A view spends nothing, so a process that is killed may lose a second of them. Downloads are never counted here.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from sharing.http.best_effort import best_effort_value
from sharing.links.models import Link, Recipient

WRITTEN_AFTER_SECONDS = 1.0
# After the database took no writes: each try is a line in the log.
TRIED_AGAIN_AFTER_SECONDS = 10.0


class ViewCounter:
    """The views of one process that are not written yet. `write_later` has `write_or_ask_again` called in a while."""

    def __init__(self, write_later: "Callable[[ViewCounter], object]") -> None:
        self._write_later = write_later
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._views: Counter[int] = Counter()
        self._opens: Counter[int] = Counter()
        self._first_opened: dict[int, datetime] = {}
        self._is_due = False
        # True after an outage, until something was written.
        self.has_failed = False

    def count(self, link: Link, recipient: Recipient | None = None) -> None:
        """Count one view of a link, by this recipient's address if one is given. Takes no query."""
        with self._lock:
            self._views[link.pk] += 1
            if recipient:
                self._opens[recipient.pk] += 1
                self._first_opened.setdefault(recipient.pk, timezone.now())
        self._ask_to_write()

    def write_or_ask_again(self) -> None:
        """Write what is pending, and have this called once more in a while if the database takes no writes."""
        if not self.write():
            self._ask_to_write()

    def write(self) -> bool:
        """Write what is pending, if anything. Takes one UPDATE for each link and each recipient.

        During an outage of the database it stays pending, and False is returned. Whoever calls this while it writes
        waits until it has: the process must not end meanwhile.
        """
        with self._writing:
            with self._lock:
                views, opens, first_opened = self._views, self._opens, self._first_opened
                self._views, self._opens, self._first_opened = Counter(), Counter(), {}
                self._is_due = False
            if not views:
                return True
            is_written = best_effort_value(partial(_write, views, opens, first_opened), otherwise=False)
            self.has_failed = not is_written
            if is_written:
                return True
            with self._lock:
                self._views += views
                self._opens += opens
                self._first_opened |= first_opened
            return False

    def _ask_to_write(self) -> None:
        with self._lock:
            is_first, self._is_due = not self._is_due, True
        if not is_first:
            return
        try:
            self._write_later(self)
        except RuntimeError:  # no thread can be started now: whoever looks next asks again
            with self._lock:
                self._is_due = False


def _write(views: Counter[int], opens: Counter[int], first_opened: dict[int, datetime]) -> bool:
    # In one order, so that no two processes wait for each other.
    with transaction.atomic():
        for pk, times in sorted(views.items()):
            Link(pk=pk).count_views(times)
        for pk, times in sorted(opens.items()):
            Recipient(pk=pk).count_opens(times, first_at=first_opened[pk])
    return True


def _in_a_while(counter: ViewCounter) -> None:
    # A thread for each batch: between two of them no connection is held.
    seconds = TRIED_AGAIN_AFTER_SECONDS if counter.has_failed else WRITTEN_AFTER_SECONDS
    timer = threading.Timer(seconds, _write_in_a_thread, [counter])
    timer.daemon = True
    timer.start()


def _write_in_a_thread(counter: ViewCounter) -> None:
    try:
        counter.write_or_ask_again()
    finally:
        connection.close()


# A worker of the web server that stops writes what is left: worker_exit() in gunicorn.conf.py.
VIEWS = ViewCounter(_in_a_while)
