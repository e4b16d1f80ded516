"""Which browsers are sending right now, so that none offers to cancel what another one sends.

It is kept in the cache alone: what is lost there is said again within half a minute.
"""

import time
from collections.abc import Iterable
from uuid import UUID

from django.core.cache import cache

# A page says every half minute what it sends.
ALIVE_SECONDS = 90
MOST_IDS = 1000

# Of each browser, until when it counts as sending, and the ids of the uploads.
type _Sending = dict[str, tuple[float, list[str]]]


def record_sending(sender: str, browser: str, ids: Iterable[UUID]) -> None:
    """Record that this browser of `sender` is sending these uploads, and no others."""
    sending: _Sending = {other: said for other, said in _sending(sender).items() if other != browser}
    listed = [str(pk) for pk in ids]
    if listed:
        sending[browser] = (time.time() + ALIVE_SECONDS, listed)
    cache.set(_key(sender), sending, ALIVE_SECONDS)


def sent_elsewhere(sender: str, browser: str) -> set[str]:
    """The ids of the uploads that other browsers of `sender` are sending."""
    others = (ids for other, (_, ids) in _sending(sender).items() if other != browser)
    return {pk for ids in others for pk in ids}


def _sending(sender: str) -> _Sending:
    said: _Sending = cache.get(_key(sender)) or {}
    return {browser: (until, ids) for browser, (until, ids) in said.items() if until > time.time()}


def _key(sender: str) -> str:
    return f"sending:{sender}"
