"""What is reached by an address: the readable part before its token, and the password that it may ask for."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from sharing import rate_limits
from sharing.audit.record import record
from sharing.beside import beside_the_answer
from sharing.links.errors import WrongPassword
from sharing.links.rules import MAX_SLUG_LENGTH, is_too_long, normalized, parse_password, parse_slug
from sharing.rate_limits import PASSWORD_TRIES_ANYWHERE, RateLimitExceeded, consume, refund

if TYPE_CHECKING:
    from sharing.accounts.models import User

# However often somebody is refused, the record says so once in that time.
REFUSAL_NOTED = timedelta(minutes=1)


class Addressed(models.Model):
    # What its events begin with, such as `link` in link.password_set.
    noun: ClassVar[str]

    # Hashed by Django's first hasher (argon2id); empty where there is none.
    password = models.CharField(max_length=128, blank=True, editable=False)
    # Wrong passwords, from whichever networks, since the first of them.
    guesses = models.PositiveSmallIntegerField(default=0, editable=False)
    guessed_at = models.DateTimeField(null=True, editable=False)
    slug = models.CharField(
        "name in the address",
        max_length=MAX_SLUG_LENGTH,
        blank=True,
        help_text="Readable, and opens nothing: the token after it does.",
    )

    if TYPE_CHECKING:
        public_id: models.CharField[str, str]

    class Meta:
        abstract = True

    def address_by(self, token: str) -> str:
        """A token of its own with the readable part before it, where it has one."""
        return f"{self.slug}-{token}" if self.slug else token

    def set_password(self, password: str, *, by: "User") -> None:
        """Ask for a password from now on, and again from those who knew a former one. Raises InvalidPassword."""
        hashed = make_password(parse_password(password))
        with transaction.atomic():
            is_first, self.password = not self.password, hashed
            # Whoever guessed at the former one keeps nobody from this one.
            self.guesses, self.guessed_at = 0, None
            self.save(update_fields=["password", "guesses", "guessed_at"])
            record(f"{self.noun}.password_{'set' if is_first else 'changed'}", self, by=by)

    def remove_password(self, *, by: "User") -> None:
        """Ask for no password any longer. Safe to repeat."""
        if not self.password:
            return
        with transaction.atomic():
            self.password = ""
            self.save(update_fields=["password"])
            record(f"{self.noun}.password_removed", self, by=by)

    def try_password(self, typed: str, *, network: str) -> None:
        """Take one try of this network's and one of all networks', and give both back where the password is right.

        Raises WrongPassword, and RateLimitExceeded before the password is looked at.
        """
        use = consume(rate_limits.PASSWORD_TRIES, self.public_id, network)
        try:
            self._take_guess()
        except RateLimitExceeded:
            refund(use)
            raise
        if is_too_long(typed) or not check_password(normalized(typed), self.password):
            self.record_refusal("password")
            raise WrongPassword
        refund(use)
        self._rows().filter(guesses__gt=0).update(guesses=F("guesses") - 1)

    def _take_guess(self) -> None:
        """Count one guess. Takes one conditional UPDATE, for the first in an hour two. Raises RateLimitExceeded."""
        now = timezone.now()
        counted_since = now - PASSWORD_TRIES_ANYWHERE.period
        if (
            self._rows()
            .filter(guessed_at__gt=counted_since, guesses__lt=PASSWORD_TRIES_ANYWHERE.count)
            .update(guesses=F("guesses") + 1)
        ):
            return
        over = Q(guessed_at=None) | Q(guessed_at__lte=counted_since)
        if self._rows().filter(over).update(guesses=1, guessed_at=now):
            return
        since = self._rows().values_list("guessed_at", flat=True).get() or now
        raise RateLimitExceeded((since - counted_since).total_seconds())

    def _rows(self) -> "models.QuerySet[Any]":
        return type(self)._default_manager.filter(pk=self.pk)

    def set_slug(self, name: str, *, by: "User") -> None:
        """Change the readable part of its address, "" for none; former addresses go on leading here.

        Raises InvalidSlug.
        """
        slug = parse_slug(name)
        if slug == self.slug:
            return
        with transaction.atomic():
            before, self.slug = self.slug, slug
            self.save(update_fields=["slug"])
            record(f"{self.noun}.name_changed", self, by=by, before=before, name=slug)

    def record_refusal(self, reason: str, *, once_in: timedelta = REFUSAL_NOTED) -> None:
        """Somebody was not let in. Who tries a thousand times leaves one event `once_in` so long.

        They are told why, whether it can be noted or not.
        """
        with beside_the_answer():
            if cache.add(f"{self.noun}-refused:{self.pk}:{reason}", True, once_in.total_seconds()):
                record(f"{self.noun}.refused", self, reason=reason)
