"""With a hundred thousand rows no page of their owner reads a table whole."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Link
from sharing.listing import FILE_ORDERS
from sharing.pages.views.dashboard import LINK_ORDERS
from tests.bench.scale.rows import LINK_OF_ONE, LONG_LINK, OWNER
from tests.plans import many_rows, sequential_scans

__all__ = ["many_rows"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many_rows")]


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=OWNER))
    return client


@pytest.mark.parametrize("order", FILE_ORDERS)
def test_files_in_every_order(owner: Client, order: str) -> None:
    assert not sequential_scans(lambda: owner.get(reverse("dashboard"), {"files-sort": order}))


@pytest.mark.parametrize("order", LINK_ORDERS)
def test_links_in_every_order(owner: Client, order: str) -> None:
    assert not sequential_scans(lambda: owner.get(reverse("dashboard"), {"links-sort": order}))


@pytest.mark.parametrize("page", ["dashboard", "trash", "file_requests"])
def test_the_last_page(owner: Client, page: str) -> None:
    assert not sequential_scans(lambda: owner.get(reverse(page), {"files-page": "-1", "links-page": "-1"}))


def test_what_open_pages_ask(owner: Client) -> None:
    Link.objects.filter(pk=LONG_LINK).update(owner=OWNER)
    links = Link.objects.filter(owner=OWNER)[:25]
    public_ids = [Link.objects.get(pk=LONG_LINK).public_id, *(link.public_id for link in links)]
    assert not sequential_scans(lambda: owner.get(reverse("changes"), {"link": public_ids}))


def test_a_file(owner: Client) -> None:
    file = File.objects.filter(owner=OWNER).ready()[0]
    assert not sequential_scans(lambda: owner.get(file.get_absolute_url()))


@pytest.mark.parametrize(
    ("page", "pk"),
    [
        ("link", LINK_OF_ONE),
        ("link", LONG_LINK),
        ("link_files", LINK_OF_ONE),
        ("link_history", LINK_OF_ONE),
        ("link_history", LONG_LINK),
    ],
)
def test_a_link(owner: Client, page: str, pk: int) -> None:
    Link.objects.filter(pk=pk).update(owner=OWNER)
    address = reverse(page, args=[Link.objects.get(pk=pk).public_id])
    assert not sequential_scans(lambda: owner.get(address).getvalue())


def test_a_link_to_a_folder(owner: Client) -> None:
    assert not sequential_scans(lambda: owner.get(reverse("new_link"), {"folder": "folder-0"}))


@pytest.mark.parametrize("folder", ["folder-0", "folder-0/part-1", "nowhere"])
def test_a_folder(owner: Client, folder: str) -> None:
    assert not sequential_scans(lambda: owner.get(reverse("dashboard"), {"folder": folder}))


@pytest.mark.parametrize("words", ["IMG-0007000", "zzzz"])
def test_a_search(owner: Client, words: str) -> None:
    assert not sequential_scans(lambda: owner.get(reverse("dashboard"), {"q": words}))


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "picture"},
        {"kind": "audio"},
        {"over": "1GB"},
        {"linked": "yes"},
        {"linked": "no"},
        {"source": "request"},
        {"source": "me", "files-sort": "name"},
        {"kind": "video", "q": "IMG-0007000"},
    ],
)
def test_a_filter(owner: Client, given: dict[str, str]) -> None:
    assert not sequential_scans(lambda: owner.get(reverse("dashboard"), given))
