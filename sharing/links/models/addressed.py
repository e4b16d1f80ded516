"""What is reached by an address: the readable part before its token, and the password that it may ask for."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import models, transaction

from sharing.audit.record import record
from sharing.beside import beside_the_answer
from sharing.links import tries
from sharing.links.errors import WrongPassword
from sharing.links.rules import MAX_SLUG_LENGTH, normalized, parse_password, parse_slug

if TYPE_CHECKING:
    from sharing.accounts.models import User

# However often somebody is refused, the record says so once in that time.
REFUSAL_NOTED = timedelta(minutes=1)


class Addressed(models.Model):
    # What its events begin with, such as `link` in link.password_set.
    noun: ClassVar[str]

    # Hashed by Django's first hasher (argon2id); empty where there is none.
    password = models.CharField(max_length=128, blank=True, editable=False)
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

    def protect(self, password: str, *, by: "User") -> None:
        """Ask for a password from now on, and again from those who knew a former one. Raises InvalidPassword."""
        hashed = make_password(parse_password(password))
        with transaction.atomic():
            is_first, self.password = not self.password, hashed
            self.save(update_fields=["password"])
            record(f"{self.noun}.password_{'set' if is_first else 'changed'}", self, by=by)

    def unprotect(self, *, by: "User") -> None:
        """Ask for no password any longer. Safe to repeat."""
        if not self.password:
            return
        with transaction.atomic():
            self.password = ""
            self.save(update_fields=["password"])
            record(f"{self.noun}.password_removed", self, by=by)

    def try_password(self, typed: str, *, network: str) -> None:
        """Take one try of this network's, and give it back where the password is right.

        Raises WrongPassword, and TooManyTries before the password is looked at.
        """
        one_try = tries.take(self.public_id, network)
        if not check_password(normalized(typed), self.password):
            self.note_refusal("password")
            raise WrongPassword
        tries.give_back(one_try)

    def call(self, name: str, *, by: "User") -> None:
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

    def note_refusal(self, reason: str, *, once_in: timedelta = REFUSAL_NOTED) -> None:
        """Somebody was not let in. Who tries a thousand times leaves one event `once_in` so long.

        They are told why, whether it can be noted or not.
        """
        with beside_the_answer():
            if cache.add(f"{self.noun}-refused:{self.pk}:{reason}", True, once_in.total_seconds()):
                record(f"{self.noun}.refused", self, reason=reason)
