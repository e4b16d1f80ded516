"""The base of links and requests: each is found by a public id, and records whom it refused."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from sharing import tokens
from sharing.audit.record import record
from sharing.http.best_effort import best_effort
from sharing.rate_limits import REFUSALS_RECORDED, RateLimit, RateLimitExceeded, consume

if TYPE_CHECKING:
    from sharing.accounts.models import User


class ProtectedAddress(models.Model):
    # Begins the names of its events, such as `link` in link.password_set.
    noun: ClassVar[str]

    # Of Slugged, which each of them is.
    slug: str

    public_id = models.CharField(max_length=12, unique=True, default=tokens.new_public_id, editable=False)

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """Return the path of the page on which its owner changes it."""
        raise NotImplementedError

    def change_rules(self, rules: Mapping[str, Any], *, by: "User") -> None:
        """Change the rules that are given, in one transaction; the others stay. Raises InvalidRule."""
        raise NotImplementedError

    def record_refusal(self, reason: str, *, limit: RateLimit = REFUSALS_RECORDED) -> None:
        """Record that a visitor was not let in, as often as `limit` allows for each reason.

        A visitor is told why even if the record takes no writes.
        """
        with best_effort():
            try:
                consume(limit, self.noun, str(self.pk), reason)
            except RateLimitExceeded:
                return
            record(f"{self.noun}.refused", self, reason=reason)
