"""Cache of the rendered pages of open links, one in each process. A page is valid until anything changes that it shows.

A page is looked up by an Admission, so nobody gets one whom the gate has not let in. Its cache key is everything that
it is rendered from, which was read from the database for this very visitor. Rows of files are compared as the database
gave them: to make instances of a hundred takes longer than all else. Why it is not in the cache that processes share:
docs/decisions/0018-cache-rendered-pages-in-memory.md.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language

from sharing.site.current import site
from sharing.storage.bucket import get_bucket

if TYPE_CHECKING:
    from sharing.links.gate import Admission
    from sharing.links.models import Link
    from sharing.links.offers import Totals
    from sharing.prepared import FetchedRows

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
    totals: "Totals"
    # The totals were counted from these.
    counted: tuple[Any, ...]
    content: bytes
    # In bytes, with its key.
    size: int


class PageCache:
    """The pages that were requested last, of `max_size` bytes together. `size` is what they take.

    One for each token and language.
    """

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._lock = threading.Lock()
        self._cached: OrderedDict[tuple[str, str | None], _CachedPage] = OrderedDict()
        self.size = 0

    def get_or_render(self, admission: "Admission", render: Callable[[], bytes]) -> bytes:
        """Return the cached page, or render and cache it if it would be different now."""
        if admission.request.META.get("QUERY_STRING"):
            return render()  # a search, or another page of the files
        place, key = _place(admission.token), cache_key(admission)
        with self._lock:
            cached = self._cached.get(place)
            if cached and cached.key == key:
                self._cached.move_to_end(place)
                return cached.content
        content = render()
        rows = admission.first_rows
        key_size = _KEY_BYTES_OF_LINK + len(rows) * _KEY_BYTES_OF_FILE
        counted = _counted(admission.link, rows)
        self._add(place, _CachedPage(key, admission.totals, counted, content, len(content) + key_size))
        return content

    def totals(self, token: str, link: "Link", rows: "FetchedRows[Any]") -> "Totals | None":
        """Return the totals of these rows of the link's files, if a page was rendered from the same for this token."""
        with self._lock:
            cached = self._cached.get(_place(token))
        return cached.totals if cached and cached.counted == _counted(link, rows) else None

    def _add(self, place: tuple[str, str | None], page: _CachedPage) -> None:
        with self._lock:
            self._remove(place)
            self._cached[place] = page
            self.size += page.size
            while self.size > self._max_size:
                self._remove(next(iter(self._cached)))

    def _remove(self, place: tuple[str, str | None]) -> None:
        if removed := self._cached.pop(place, None):
            self.size -= removed.size


RENDERED_PAGES = PageCache(MAX_BYTES)


def cache_key(admission: "Admission") -> tuple[Any, ...]:
    """Return everything that the page is rendered from, except what is the same for all pages of a process."""
    link = admission.link
    return (
        site.changed,
        admission.url,
        admission.access.recipient_id,
        admission.state,
        _values(link),
        link.owner.display_name,
        _minutes_left(admission),
        admission.totals,
        _signing_time() if link.gives_previews else None,
        admission.first_rows.raw,
    )


def _place(token: str) -> tuple[str, str | None]:
    return token, get_language()


def _counted(link: "Link", rows: "FetchedRows[Any]") -> tuple[Any, ...]:
    """Return everything that the totals are counted from, for whoever has the same token."""
    return link.download_limit, rows.raw


def _values(row: Model) -> tuple[Any, ...]:
    """Return the fields and annotations of a row."""
    return tuple(
        value for name, value in vars(row).items() if name[0] != "_" and name not in _FIELDS_NOT_RENDERED
    )


def _minutes_left(admission: "Admission") -> int | None:
    expires_at = admission.link.expires_at
    return None if expires_at is None else int((expires_at - timezone.now()).total_seconds()) // 60


def _signing_time() -> tuple[str, int]:
    """Return with which key thumbnails are signed now, and in which five minutes."""
    key = get_bucket().signature().access_key
    return key, int(timezone.now().timestamp()) // _SIGNED_AGAIN_AFTER_SECONDS
