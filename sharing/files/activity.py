"""Records which browsers are sending which uploads, so that no other browser offers to cancel them.

Kept in the cache alone: browsers repeat it every half minute.
"""

import time
from collections.abc import Iterable
from uuid import UUID

from django.core.cache import cache

# A page repeats every half minute what it sends.
ACTIVE_SECONDS = 90
MAX_IDS = 1000

# By browser: until when it counts as sending, in seconds since 1970, and the ids of the uploads.
type _Sending = dict[str, tuple[float, list[str]]]


def record_sending(sender: str, browser: str, ids: Iterable[UUID]) -> None:
    """Record that this browser of `sender` is sending these uploads, and no others."""
    sending: _Sending = {other: said for other, said in _sending(sender).items() if other != browser}
    listed = [str(pk) for pk in ids]
    if listed:
        sending[browser] = (time.time() + ACTIVE_SECONDS, listed)
    cache.set(_key(sender), sending, ACTIVE_SECONDS)


def sent_elsewhere(sender: str, browser: str) -> set[str]:
    """Return the ids of the uploads that other browsers of `sender` are sending."""
    others = (ids for other, (_, ids) in _sending(sender).items() if other != browser)
    return {pk for ids in others for pk in ids}


def _sending(sender: str) -> _Sending:
    said: _Sending = cache.get(_key(sender)) or {}
    return {browser: (until, ids) for browser, (until, ids) in said.items() if until > time.time()}


def _key(sender: str) -> str:
    return f"sending:{sender}"
