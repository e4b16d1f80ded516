"""How often something may be tried in any quarter of an hour: a password by a network, a code to be mailed."""

import time
from math import ceil

from django.core.cache import cache

from sharing.beside import beside_the_answer
from sharing.links.errors import TooManyTries

LIMIT = 10
SECONDS = 15 * 60


def take(subject: str, network: str, *, limit: int = LIMIT) -> str:
    """Take one try, before the password is looked at, and return it. Raises TooManyTries.

    Each try is a key of its own, since `add` is the one thing that every cache does atomically. While the cache is away
    nobody may try: its error is answered 503.
    """
    now = time.time()
    keys = [f"link-password:{subject}:{network}:{number}" for number in range(limit)]
    for key in keys:
        if cache.add(key, now, SECONDS):
            return key
    oldest = min(cache.get_many(keys).values(), default=now)
    raise TooManyTries(max(1, ceil(oldest + SECONDS - now)))


def give_back(key: str) -> None:
    """The password was right, which is no try."""
    with beside_the_answer():  # it comes back by itself
        cache.delete(key)
