"""Lists that are long: paged by key, in an order without equals, and counted up to a limit."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from sharing import listing
from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download, Link
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(alice: User) -> list[File]:
    """Sixty of one name, size and moment: three pages."""
    now = timezone.now()
    return [recorded_file(alice, name="same.txt", created_at=now) for _ in range(60)]


def shown(client: Client, **query: str) -> list[File]:
    return list(client.get("/", query).context["files"].page)


@pytest.mark.parametrize("order", listing.FILE_ORDERS)
def test_equal_files_are_each_on_one_page(files: list[File], alice_client: Client, order: str) -> None:
    pages = [shown(alice_client, **{"files-sort": order, "files-page": str(number)}) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert {file.pk for page in pages for file in page} == {file.pk for file in files}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL sorts so few rows")
@pytest.mark.parametrize("order", listing.FILE_ORDERS)
def test_no_order_is_sorted(alice: User, order: str) -> None:
    """An index gives it, forwards or backwards in all of it."""
    rows = alice.files.ready().order_by(*listing._total(listing.FILE_ORDERS[order]))
    assert "TEMP B-TREE" not in rows.values("pk")[: listing.ROWS].explain()


@pytest.mark.parametrize("number", ["3", "4", "-1", "99999999999999999999"])
def test_beyond_the_last_page_is_the_last(
    files: list[File], alice_client: Client, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 25)
    page = alice_client.get("/", {"files-page": number}).context["files"].page
    assert (page.number, page.start_index(), page.end_index()) == (3, 51, 60)
    assert page.paginator.total == "60"


def test_the_end_is_in_the_same_order_as_the_rest(alice: User, alice_client: Client) -> None:
    for number in range(60):
        recorded_file(alice, name=f"{number:02}.txt")
    pages = [shown(alice_client, **{"files-sort": "name", "files-page": str(number)}) for number in (1, 2, 3)]
    assert [file.name for page in pages for file in page] == [f"{number:02}.txt" for number in range(60)]


def test_more_than_is_counted_is_called_more_than(
    files: list[File], alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 30)
    text = " ".join(alice_client.get("/").content.decode().split())
    assert "1 to 25 of more than 30" in text
    assert "Page 1 </span>" in text
    assert "Page 2 </span>" in " ".join(alice_client.get("/?files-page=2").content.decode().split())


def test_a_search_that_finds_more_than_is_counted_is_paged_as_well(
    files: list[File], alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 30)
    found = [shown(alice_client, q="same", **{"files-page": str(number)}) for number in (1, 2, 3)]
    assert {file.pk for page in found for file in page} == {file.pk for file in files}


@pytest.mark.parametrize("limit", [0, 100])
def test_a_link_is_found_by_a_file_once(
    alice: User, bob: User, alice_client: Client, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.links.models.querysets.FOUND_BY_FILE", limit)
    link = link_to(recorded_file(alice, name="plan a.pdf"), recorded_file(alice, name="plan b.pdf"))
    link_to(recorded_file(alice, name="other.pdf"))
    link_to(recorded_file(bob, name="plan c.pdf"))
    page = alice_client.get("/", {"q": "plan"}).context["links"].page
    assert [(found.pk, found.contents.count) for found in page] == [(link.pk, 2)]


def test_links_sort_by_downloads_and_count_each_once(alice: User, alice_client: Client) -> None:
    few, many = (link_to(recorded_file(alice), recorded_file(alice)) for _ in range(2))
    ago = timezone.now() - timedelta(hours=1)
    for link, times in ((few, 1), (many, 3)):
        for _ in range(times):
            Download.objects.create(link=link, file=link.files.all()[0], at=ago)
        Download.objects.create(link=link, file=link.files.all()[0], at=ago, is_repeat=True)
    page = alice_client.get("/", {"links-sort": "downloads"}).context["links"].page
    assert [(link.pk, link.download_count) for link in page] == [(many.pk, 3), (few.pk, 1)]
    assert Link.objects.with_contents().get(pk=many.pk).download_count == 3
