"""Drawn pages of open links, each kept for as long as nothing changes that it shows. One cache in each process.

A page is looked up by an Admission, so nobody gets one whom the gate has not let in, and by everything that it is drawn
from, which was read from the database for this very visitor. Why it is not in the cache that processes share:
docs/decisions/0018-keep-drawn-pages-in-memory.md.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language

from sharing.links.gate import Admission
from sharing.storage.bucket import get_bucket

MAX_BYTES = 8 * 1024 * 1024
# A page holds URLs of thumbnails that work for 15 minutes (THUMBNAIL_SECONDS): they are signed anew after five.
_SIGNED_AGAIN_AFTER_SECONDS = 300
# What a link's row has beside what pages show, and what changes without anybody changing the link.
_NOT_SHOWN = {"view_count", "guesses", "guessed_at"}
# Bytes of what one page shows: of the link, and of each file. Measured, and rounded up.
_BYTES_OF_LINK, _BYTES_OF_FILE = 3000, 3000


@dataclass(frozen=True)
class _Kept:
    shown: tuple[Any, ...]
    page: bytes
    bytes: int


class PageCache:
    """The pages that were asked for last, as many as fit into `most_bytes`."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self.bytes = 0

    def page_of(self, admission: Admission, draw: Callable[[], bytes]) -> bytes:
        """Return the page as it was drawn, or draw it if it would look different now."""
        if admission.request.META.get("QUERY_STRING"):
            return draw()  # a search, or another page of the files
        shown = shown_to(admission)
        with self._lock:
            kept = self._kept.get(admission.url)
            if kept and kept.shown == shown:
                self._kept.move_to_end(admission.url)
                return kept.page
        page = draw()
        self._keep(admission.url, shown, page, files=len(admission.first_offers))
        return page

    def _keep(self, url: str, shown: tuple[Any, ...], page: bytes, *, files: int) -> None:
        kept = _Kept(shown, page, len(page) + _BYTES_OF_LINK + files * _BYTES_OF_FILE)
        with self._lock:
            self._drop(url)
            self._kept[url] = kept
            self.bytes += kept.bytes
            while self.bytes > self._most_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, url: str) -> None:
        if dropped := self._kept.pop(url, None):
            self.bytes -= dropped.bytes


PAGES = PageCache(MAX_BYTES)


def shown_to(admission: Admission) -> tuple[Any, ...]:
    """Return everything that the page is drawn from. What is the same for all pages of a process is left out."""
    link, offers = admission.link, admission.first_offers
    return (
        get_language(),
        admission.url,
        admission.access.recipient_id,
        admission.state,
        _values(link),
        link.owner.display_name,
        _minutes_left(admission),
        admission.contents,
        admission.available_size,
        _signing_time() if any(offer.has_thumbnail for offer in offers) else None,
        *((_values(offer.item), _values(offer.file)) for offer in offers),
    )


def _values(row: Model) -> tuple[Any, ...]:
    """Return the fields and annotations of a row."""
    return tuple(value for name, value in vars(row).items() if name[0] != "_" and name not in _NOT_SHOWN)


def _minutes_left(admission: Admission) -> int | None:
    expires_at = admission.link.expires_at
    return None if expires_at is None else int((expires_at - timezone.now()).total_seconds()) // 60


def _signing_time() -> tuple[str, int]:
    """Return with which key thumbnails are signed now, and in which five minutes."""
    key = get_bucket().signature().access_key
    return key, int(timezone.now().timestamp()) // _SIGNED_AGAIN_AFTER_SECONDS
