"""The one person that only these tests know."""

import pytest
from django.test import Client

from sharing.accounts.models import User
from sharing.storage.bucket import Bucket


@pytest.fixture(autouse=True)
def with_bucket(bucket: Bucket) -> None:
    """Start the bucket: objects of what is suspended, deleted or revoked are moved."""


@pytest.fixture
def dave(db: None) -> User:
    """Staff, and no superuser."""
    return User.objects.create_user("dave@example.com", name="Dave", is_staff=True)


@pytest.fixture
def dave_client(dave: User) -> Client:
    client = Client()
    client.force_login(dave)
    return client
