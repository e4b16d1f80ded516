"""With a hundred thousand rows no page of their owner reads a table whole."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from tests.bench.scale.rows import OWNER
from tests.plans import many_rows, sequential_scans

__all__ = ["many_rows"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many_rows")]


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=OWNER))
    return client


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_files_in_order(owner: Client, order: str) -> None:
    assert not sequential_scans(lambda: owner.get(reverse("dashboard"), {"files-sort": order}))
