"""With a hundred thousand rows no list of the panel reads a table whole for its first, its last or a dated page."""

from functools import partial

import pytest
from django.test import Client

from sharing.accounts.models import User
from tests.admin.pages import TABLES, list_of
from tests.bench.scale.rows import OWNER
from tests.plans import many_rows, sequential_scans

__all__ = ["many_rows"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many_rows")]


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=OWNER))
    return client


@pytest.mark.parametrize("table", TABLES)
def test_a_list_reads_its_page_alone(operator: Client, table: str) -> None:
    pages = operator.get(list_of(table)).context["cl"].paginator.num_pages
    for page in ("1", str(pages)):
        scans = sequential_scans(partial(operator.get, list_of(table), {"p": page}))
        # All rows are counted. Links are so few here that fifty of them are found as soon by reading all, and one of
        # them holds most of the items.
        allowed = "links_link: " if table != "links_link" else "links_item: "
        assert {scan for scan in scans if "COUNT(*)" not in scan and not scan.startswith(allowed)} == set()
