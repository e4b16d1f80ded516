"""The few uploads that are open are found without reading all others."""

import pytest
from django.db import connection

from sharing.files.models import Upload

pytestmark = pytest.mark.django_db


def test_in_the_order_of_a_list_an_index_of_their_own_is_read() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by how many rows there are")
    uploads = Upload.objects.filter(state=Upload.State.OPEN).order_by("-created_at")
    assert "USING INDEX upload_open" in uploads.explain()
