"""Cache of the rendered pages of open links, one in each process. A page is valid until anything changes that it shows.

A page is looked up by an Admission, so nobody gets one whom the gate has not let in. Its cache key is everything that
it is rendered from, which was read from the database for this very visitor. Why it is not in the cache that processes
share: docs/decisions/0018-cache-rendered-pages-in-memory.md.
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
# Fields of a link that no page shows, and that change without anybody changing the link.
_FIELDS_NOT_RENDERED = {"view_count", "guesses", "guessed_at"}
# Bytes of a cache key: for the link, and for each file. Measured, and rounded up.
_KEY_BYTES_OF_LINK, _KEY_BYTES_OF_FILE = 3000, 3000


@dataclass(frozen=True)
class _CachedPage:
    key: tuple[Any, ...]
    content: bytes
    # In bytes, with its key.
    size: int


class PageCache:
    """The pages that were requested last, one for each URL, of `max_size` bytes together. `size` is what they take."""

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._lock = threading.Lock()
        self._cached: OrderedDict[str, _CachedPage] = OrderedDict()
        self.size = 0

    def get_or_render(self, admission: Admission, render: Callable[[], bytes]) -> bytes:
        """Return the cached page, or render and cache it if it would be different now."""
        if admission.request.META.get("QUERY_STRING"):
            return render()  # a search, or another page of the files
        key = cache_key(admission)
        with self._lock:
            cached = self._cached.get(admission.url)
            if cached and cached.key == key:
                self._cached.move_to_end(admission.url)
                return cached.content
        content = render()
        key_size = _KEY_BYTES_OF_LINK + len(admission.first_offers) * _KEY_BYTES_OF_FILE
        self._add(admission.url, _CachedPage(key, content, len(content) + key_size))
        return content

    def _add(self, url: str, page: _CachedPage) -> None:
        with self._lock:
            self._remove(url)
            self._cached[url] = page
            self.size += page.size
            while self.size > self._max_size:
                self._remove(next(iter(self._cached)))

    def _remove(self, url: str) -> None:
        if removed := self._cached.pop(url, None):
            self.size -= removed.size


RENDERED_PAGES = PageCache(MAX_BYTES)


def cache_key(admission: Admission) -> tuple[Any, ...]:
    """Return everything that the page is rendered from, except what is the same for all pages of a process."""
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
    return tuple(
        value for name, value in vars(row).items() if name[0] != "_" and name not in _FIELDS_NOT_RENDERED
    )


def _minutes_left(admission: Admission) -> int | None:
    expires_at = admission.link.expires_at
    return None if expires_at is None else int((expires_at - timezone.now()).total_seconds()) // 60


def _signing_time() -> tuple[str, int]:
    """Return with which key thumbnails are signed now, and in which five minutes."""
    key = get_bucket().signature().access_key
    return key, int(timezone.now().timestamp()) // _SIGNED_AGAIN_AFTER_SECONDS
