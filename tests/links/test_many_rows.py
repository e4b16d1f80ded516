"""With a hundred thousand rows a link's door reads no table whole, and takes as many queries as with few."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.links import statements
from sharing.links.models import Download, Link, Recipient
from sharing.links.visitor import Visitor
from sharing.mail.address_list import Person
from tests.bench.scale.rows import LINK_OF_ONE, LONG_LINK, SHORT_LINK
from tests.plans import many_rows, sequential_scans

__all__ = ["many_rows"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many_rows")]

VISITOR = Visitor("v" * 22, "token")
LINKS = {"1": LINK_OF_ONE, "20": SHORT_LINK, "5,000": LONG_LINK}


@pytest.fixture(params=LINKS.values(), ids=[*LINKS])
def link(request: pytest.FixtureRequest) -> Link:
    return Link.objects.get(pk=request.param)


@pytest.mark.parametrize("page", ["landing", "landing_progress"])
def test_opening_and_watching(link: Link, page: str) -> None:
    path = reverse(page, args=[link.token])
    assert Client().get(path).status_code == 200
    assert not sequential_scans(lambda: Client().get(path))


def test_spending_a_download(link: Link) -> None:
    file_id = link.items.all()[0].file_id

    def spend() -> None:
        item = statements.find_item(link.public_id, file_id, VISITOR, None)
        assert statements.spend_download(item, None, Download(link=link, file_id=file_id))

    assert not sequential_scans(spend)


def test_spending_a_recipient_s_download(link: Link) -> None:
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=link.owner)
    file_id = link.items.all()[0].file_id

    def spend() -> None:
        recipient = statements.find_recipient(ann.public_id)
        assert statements.first_items(link, VISITOR, recipient).instances
        item = statements.find_item(link.public_id, file_id, VISITOR, recipient)
        download = Download(link=link, file_id=file_id, recipient=recipient)
        assert statements.spend_download(item, recipient, download)

    assert not sequential_scans(spend)
