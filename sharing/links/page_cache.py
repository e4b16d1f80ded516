"""Cache of the rendered pages of open links, one in each process. A page is valid until anything changes that it shows.

`cached_page` looks a page up and makes its key; the gate takes from here the totals of a page whose rows are the same.
Why it is not in the cache that processes share: docs/decisions/0018-cache-rendered-pages-in-memory.md.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

if TYPE_CHECKING:
    from sharing.links.models import Link
    from sharing.links.offers import Totals
    from sharing.prepared import FetchedRows

MAX_BYTES = 8 * 1024 * 1024
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

    def get(self, token: str, key: tuple[Any, ...]) -> bytes | None:
        """Return the page that was rendered last for this token, if its key is the same; else None."""
        place = _place(token)
        with self._lock:
            cached = self._cached.get(place)
            if cached is None or cached.key != key:
                return None
            self._cached.move_to_end(place)
            return cached.content

    def add(
        self,
        token: str,
        key: tuple[Any, ...],
        content: bytes,
        totals: "Totals",
        *,
        link: "Link",
        rows: "FetchedRows[Any]",
    ) -> None:
        """Cache a page in place of the token's last one, with the totals of these rows of the link's files."""
        size = len(content) + _KEY_BYTES_OF_LINK + len(rows) * _KEY_BYTES_OF_FILE
        place, page = _place(token), _CachedPage(key, totals, _counted(link, rows), content, size)
        with self._lock:
            self._remove(place)
            self._cached[place] = page
            self.size += page.size
            while self.size > self._max_size:
                self._remove(next(iter(self._cached)))

    def totals(self, token: str, link: "Link", rows: "FetchedRows[Any]") -> "Totals | None":
        """Return the totals of these rows of the link's files, if a page was rendered from the same for this token."""
        with self._lock:
            cached = self._cached.get(_place(token))
        return cached.totals if cached and cached.counted == _counted(link, rows) else None

    def _remove(self, place: tuple[str, str | None]) -> None:
        if removed := self._cached.pop(place, None):
            self.size -= removed.size


RENDERED_PAGES = PageCache(MAX_BYTES)


def _place(token: str) -> tuple[str, str | None]:
    return token, get_language()


def _counted(link: "Link", rows: "FetchedRows[Any]") -> tuple[Any, ...]:
    """Return everything that the totals are counted from, for whoever has the same token."""
    return link.download_limit, rows.raw
