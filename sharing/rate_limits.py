"""All rate limits in one table, and the two functions that apply them: `consume()` and `refund()`.

Uses are counted in the cache by `consume()`, or on the row that a limit protects by one conditional UPDATE, as the
comment beside each limit says. Two limits are settings, since operators or allauth read them there:

- MAILS_PER_DAY for each sender, counted in their `MailQuota` row;
- ACCOUNT_RATE_LIMITS for sign-ins, counted by allauth as `accounts/adapter.py` asks it to: 100 wrong passwords of an
  account in an hour, and five in five minutes from each network or known browser.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.core.cache import cache
from django.utils.translation import ngettext

from sharing.http.best_effort import best_effort


@dataclass(frozen=True)
class RateLimit:
    """`count` uses in any `period`. The name begins the keys in the cache."""

    name: str
    count: int
    period: timedelta

    @property
    def seconds(self) -> int:
        """The period in seconds."""
        return int(self.period.total_seconds())


# Passwords of links and requests. A wrong one is counted twice: for the network that typed it, and for all networks
# together, since one guesser may have many networks.
PASSWORD_TRIES = RateLimit("password-tries", 10, timedelta(minutes=15))  # cache: address, network
PASSWORD_TRIES_ANYWHERE = RateLimit(
    "password-tries-anywhere", 100, timedelta(hours=1)
)  # on the link or request
PASSWORD_TRIES_AT_NOTHING = RateLimit(
    "password-tries-at-nothing", 10, timedelta(minutes=15)
)  # cache: network

# Codes by mail. Of a million codes ten may be guessed while one lives, from whichever networks, and so two
# hundred a day.
CODE_MAILS = RateLimit("code-mails", 5, timedelta(minutes=15))  # cache: recipient
CODE_MAILS_PER_DAY = RateLimit("code-mails-per-day", 20, timedelta(days=1))  # cache: recipient
CODE_TRIES = RateLimit("code-tries", 10, timedelta(minutes=15))  # cache: recipient, network
CODE_TRIES_ANYWHERE = RateLimit("code-tries-anywhere", 10, timedelta(minutes=15))  # on the code

# New guests of a request, and visitors who ask for more time, about whichever links.
NEW_GUESTS = RateLimit("new-guests", 10, timedelta(minutes=15))  # cache: request, network
TIME_REQUESTS = RateLimit("time-requests", 5, timedelta(hours=1))  # cache: network

# Refused visitors in the record, counted for each reason. Machines look at old addresses for years.
REFUSALS_RECORDED = RateLimit("refusals-recorded", 1, timedelta(minutes=1))  # cache: link or request, reason
LATECOMERS_RECORDED = RateLimit("latecomers-recorded", 1, timedelta(days=1))  # cache: link, reason


class RateLimitExceeded(Exception):
    """The limit is used up. `retry_after` is in seconds, as HTTP's header has it; people are told the `minutes`."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = max(1, ceil(retry_after))
        self.minutes = ceil(self.retry_after / 60)
        text = ngettext(
            "Too many attempts. Try again in %(seconds)s second.",
            "Too many attempts. Try again in %(seconds)s seconds.",
            self.retry_after,
        )
        super().__init__(text % {"seconds": self.retry_after})


def consume(limit: RateLimit, *subject: str) -> str:
    """Count one use for this subject, and return it for `refund()`. Raises RateLimitExceeded.

    Call it before what it limits is done. While the cache is away nothing can be counted, so its error is raised.
    """
    now = time.time()
    uses = [":".join(("rate-limit", limit.name, *subject, str(number))) for number in range(limit.count)]
    for use in uses:
        if cache.add(use, now, limit.seconds):
            return use
    oldest = min(cache.get_many(uses).values(), default=now)
    raise RateLimitExceeded(oldest + limit.seconds - now)


def refund(use: str) -> None:
    """Take back a use that turned out not to count, such as a right password."""
    with best_effort():  # else it runs out after the period
        cache.delete(use)
