"""The password that an address may ask for, and how often it may be guessed."""

import unicodedata
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.addresses.errors import InvalidPassword, WrongPassword
from sharing.addresses.protected_address import ProtectedAddress
from sharing.audit.record import record
from sharing.rate_limits import (
    PASSWORD_TRIES,
    PASSWORD_TRIES_ANYWHERE,
    RateLimitExceeded,
    consume,
    refund,
)

if TYPE_CHECKING:
    from sharing.accounts.models import User

MIN_PASSWORD_LENGTH = 4
MAX_PASSWORD_LENGTH = 200


class PasswordProtected(ProtectedAddress):
    """Adds `password`, its hash; empty where none is asked for."""

    # Hashed by Django's first hasher (argon2id).
    password = models.CharField(max_length=128, blank=True, editable=False)
    # Wrong passwords, from whichever networks, since the first of them.
    guesses = models.PositiveSmallIntegerField(default=0, editable=False)
    guessed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def set_password(self, password: str, *, by: "User") -> None:
        """Ask for a password from now on, and again from those who knew a former one. Raises InvalidPassword."""
        hashed = hash_password(password)
        with transaction.atomic():
            is_first, self.password = not self.password, hashed
            # Guesses at the former password keep nobody from this one.
            self.guesses, self.guessed_at = 0, None
            self.save(update_fields=["password", "guesses", "guessed_at"])
            record(f"{self.noun}.password_{'set' if is_first else 'changed'}", self, by=by)

    def change_password(self, password: str, *, by: "User") -> None:
        """Ask for this password from now on, "" for none. Raises InvalidPassword."""
        if password:
            self.set_password(password, by=by)
        else:
            self.remove_password(by=by)

    def remove_password(self, *, by: "User") -> None:
        """Ask for no password any longer. Safe to repeat."""
        if not self.password:
            return
        with transaction.atomic():
            self.password = ""
            self.save(update_fields=["password"])
            record(f"{self.noun}.password_removed", self, by=by)

    def try_password(self, typed: str, *, network: str) -> None:
        """Check what was typed, and count a wrong password for this network and for all networks together.

        Raises WrongPassword; and RateLimitExceeded before the password is looked at.
        """
        use = consume(PASSWORD_TRIES, self.public_id, network)
        try:
            self._consume_guess()
        except RateLimitExceeded:
            refund(use)
            raise
        if is_too_long(typed) or not check_password(normalized(typed), self.password):
            self.record_refusal("password")
            raise WrongPassword
        refund(use)
        self._row().filter(guesses__gt=0).update(guesses=F("guesses") - 1)

    def _consume_guess(self) -> None:
        """Count one guess. Takes one conditional UPDATE; two for the first in an hour. Raises RateLimitExceeded."""
        now = timezone.now()
        counted_since = now - PASSWORD_TRIES_ANYWHERE.period
        guesses_left = self._row().filter(
            guessed_at__gt=counted_since, guesses__lt=PASSWORD_TRIES_ANYWHERE.count
        )
        if guesses_left.update(guesses=F("guesses") + 1):
            return
        is_over = Q(guessed_at=None) | Q(guessed_at__lte=counted_since)
        if self._row().filter(is_over).update(guesses=1, guessed_at=now):
            return
        since = self._row().values_list("guessed_at", flat=True).get() or now
        raise RateLimitExceeded((since - counted_since).total_seconds())

    def _row(self) -> "models.QuerySet[Any]":
        return type(self)._default_manager.filter(pk=self.pk)


def hash_password(password: str) -> str:
    """Return the hash of a new password, "" for "". Raises InvalidPassword."""
    return make_password(parse_password(password)) if password else ""


def parse_password(typed: str) -> str:
    """Return a new password, normalized. Raises InvalidPassword."""
    too_long = InvalidPassword(_("Use at most %(count)s characters.") % {"count": MAX_PASSWORD_LENGTH})
    if is_too_long(typed):
        raise too_long
    password = normalized(typed)
    if len(password) < MIN_PASSWORD_LENGTH:
        raise InvalidPassword(_("Use at least %(count)s characters.") % {"count": MIN_PASSWORD_LENGTH})
    if len(password) > MAX_PASSWORD_LENGTH:
        raise too_long
    return password


def is_too_long(typed: str) -> bool:
    """True if no password is that long. Ask before `normalized`, which takes minutes for 200,000 accents."""
    return len(typed) > 4 * MAX_PASSWORD_LENGTH


def normalized(password: str) -> str:
    """Return the same text however it was typed: composed (NFC, RFC 8265 section 4.2), without outer blanks."""
    return unicodedata.normalize("NFC", password).strip()
