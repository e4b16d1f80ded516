"""The rendered page of an open link, from the cache while it would be rendered the same.

It takes an Admission, so nobody gets a page whom the gate has not let in. The key of a page is everything that it is
rendered from, which was read from the database for this very visitor. Rows of files are compared as the database gave
them: to make instances of a hundred takes longer than all else.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils import timezone

from sharing.links import page_cache
from sharing.links.gate import Admission
from sharing.site.current import site
from sharing.storage.bucket import get_bucket

# A page holds URLs of thumbnails that work for 15 minutes (THUMBNAIL_SECONDS): they are signed anew after five.
_SIGNED_AGAIN_AFTER_SECONDS = 300
# Fields of a link that no page shows, and that change without anybody changing the link.
_FIELDS_NOT_RENDERED = {"view_count", "guesses", "guessed_at"}


def get_or_render(admission: Admission, render: Callable[[], bytes]) -> bytes:
    """Return the cached page, or render and cache it if it would be different now."""
    if admission.request.META.get("QUERY_STRING"):
        return render()  # a search, or another page of the files
    pages, key = page_cache.RENDERED_PAGES, _key(admission)
    if (cached := pages.get(admission.token, key)) is not None:
        return cached
    content = render()
    pages.add(admission.token, key, content, admission.totals, link=admission.link, rows=admission.first_rows)
    return content


def _key(admission: Admission) -> tuple[Any, ...]:
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
