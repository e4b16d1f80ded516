"""People who sign in with a password: those of tests.people have none, since most tests need none."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from sharing.accounts.models import User
from tests.people import PASSWORD


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


@pytest.fixture
def ann(alice: User) -> User:
    """Alice, with a password and a verified address."""
    return with_password(alice)


@pytest.fixture
def ann_client(ann: User) -> Client:
    """A browser in which Alice has just signed in."""
    client = Client()
    assert client.post("/accounts/login/", {"login": ann.email, "password": PASSWORD}).status_code == 302
    return client
