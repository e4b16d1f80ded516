"""Set-up: whoever can read the console of the first start creates the first account."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from sharing import tokens
from sharing.accounts.errors import AlreadySetUp
from sharing.accounts.models import User

# There is one set-up, so its public id is the same everywhere; the MAC is what only this instance can make.
_PUBLIC_ID = "000000000000"


def is_needed() -> bool:
    """Return True if nobody has an account yet. Takes one query."""
    return not User.objects.exists()


def setup_token() -> str:
    """Return the token of the one-time link. It opens nothing once an account exists."""
    return tokens.mint("setup", _PUBLIC_ID)


def is_setup_token(token: str) -> bool:
    return tokens.read("setup", token) == _PUBLIC_ID


def create_first_account(*, email: str, password: str) -> User:
    """Create the operator's account. Raises AlreadySetUp if there is one, also for the loser of a race."""
    with transaction.atomic():
        # One row that is always there, so that racing requests queue for it instead of each seeing no account.
        ContentType.objects.select_for_update().get(app_label="accounts", model="user")
        if not is_needed():
            raise AlreadySetUp
        return User.objects.create_superuser(email, password)
