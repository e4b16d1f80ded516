"""Leafing through a link of many files: page by page, or by searching. Looking spends nothing."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.links.access import Access
from sharing.links.models import Download, Item, Link, Recipient, RecipientDownloadCount
from sharing.links.offers import Totals, offers_to
from sharing.links.statements import FILES_A_PAGE
from sharing.links.visitor import Visitor
from sharing.listing import ROWS
from sharing.mail.address_list import Person
from tests.factories import kept_file, link_to, recorded_file
from tests.html import flat

pytestmark = pytest.mark.django_db

MORE = 5
NAME = re.compile(r"<bdi>([^<]+\.txt)</bdi>")


def link_of(owner: User, count: int, **fields: Any) -> Link:
    """A link to so many files, of which none is in the bucket: pages do not ask it."""
    return link_to(
        *(recorded_file(owner, name=f"{number:03}.txt", path="Été/a") for number in range(count)), **fields
    )


@pytest.fixture
def long_link(alice: User) -> Link:
    return link_of(alice, FILES_A_PAGE + MORE)


def next_page(page: str) -> str:
    addresses: list[str] = re.findall(r'rel="next" href="([^"#]+)#contents"', flat(page))
    return addresses[0]


def names_on(page: str) -> list[str]:
    return NAME.findall(page.partition('id="contents">')[2].partition("</ul>")[0])


def test_a_hundred_files_are_one_page(alice: User, visitor: Client) -> None:
    page = visitor.get(link_of(alice, FILES_A_PAGE).url).content.decode()
    assert len(names_on(page)) == FILES_A_PAGE
    assert "Search these files" not in page
    assert 'rel="next"' not in page


def test_more_are_several(long_link: Link, visitor: Client) -> None:
    page = visitor.get(long_link.url).content.decode()
    assert f"1 to {FILES_A_PAGE} of {FILES_A_PAGE + MORE}" in flat(page)
    rest = visitor.get(next_page(page)).content.decode()
    assert names_on(page) + names_on(rest) == [f"{number:03}.txt" for number in range(FILES_A_PAGE + MORE)]


def test_what_cannot_be_a_page_shows_one_that_is(long_link: Link, visitor: Client) -> None:
    for number, shown in (("0", MORE), ("99", MORE), ("-1", MORE), ("x", FILES_A_PAGE), ("", FILES_A_PAGE)):
        page = visitor.get(f"{long_link.url}?contents-page={number}")
        assert page.status_code == 200
        assert len(names_on(page.content.decode())) == shown


def test_a_file_is_found_by_its_name_or_its_folder(long_link: Link, visitor: Client) -> None:
    page = visitor.get(long_link.url, {"q": " 104.TXT "}).content.decode()
    assert names_on(page) == ["104.txt"]
    for folder in ("été", "ÉTÉ/A/10"):
        assert names_on(visitor.get(long_link.url, {"q": folder}).content.decode())
    page = visitor.get(long_link.url, {"q": "<none>"}).content.decode()
    assert "No file matches “<bdi>&lt;none&gt;</bdi>”" in page
    assert "Clear search" in page


def test_all_can_be_downloaded_from_each_page(long_link: Link, visitor: Client) -> None:
    for address in ("", "?contents-page=2", "?q=104", "?q=none"):
        page = visitor.get(f"{long_link.url}{address}").content.decode()
        assert f"Download all · {5 * (FILES_A_PAGE + MORE)} bytes" in flat(page)


def test_one_can_leaf_on_after_a_download_that_was_refused(alice: User, visitor: Client) -> None:
    link, downloaded = link_of(alice, FILES_A_PAGE + MORE), kept_file(alice, name="999.txt", path="Été/a")
    link.add_files([downloaded], by=alice)
    link.limit_downloads(1, by=alice)
    address = reverse("landing_download", args=[link.token, downloaded.pk])
    assert Client().post(address).status_code == 303
    refused = visitor.post(address)
    assert refused.status_code == 409
    assert len(names_on(visitor.get(next_page(refused.content.decode())).content.decode())) == MORE + 1


def test_it_counts_one_view_for_all_its_pages(long_link: Link, visitor: Client) -> None:
    for address in ("", "?contents-page=2", "?q=104", "?q="):
        visitor.get(f"{long_link.url}{address}")
    long_link.refresh_from_db()
    assert long_link.view_count == 1


def test_a_locked_link_shows_none_of_its_pages(alice: User, visitor: Client) -> None:
    link = link_of(alice, FILES_A_PAGE + MORE, password="open sesame")
    for address in ("?contents-page=2", "?q=104"):
        answer = visitor.get(f"{link.url}{address}")
        assert answer.status_code == 403
        assert "104.txt" not in answer.content.decode()


@pytest.mark.usefixtures("views_pending")
def test_it_takes_three_queries_however_many_there_are(
    long_link: Link,
    visitor: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    visitor.get(long_link.url)
    with django_assert_num_queries(3):  # the link, its first files, and what all of them come to
        visitor.get(long_link.url)


def test_no_page_reads_all_files(long_link: Link, visitor: Client) -> None:
    for address in ("", "?contents-page=2", "?q=104"):
        with CaptureQueriesContext(connection) as captured:
            visitor.get(f"{long_link.url}{address}")
        whole = [query["sql"] for query in captured if '"sha256"' in query["sql"]]
        assert whole
        assert all("LIMIT" in sql or "IN (" in sql for sql in whole)


@pytest.mark.parametrize("mailed", [False, True])
@pytest.mark.parametrize("limit", [None, 2])
def test_what_the_database_counts_is_what_all_files_come_to(
    alice: User, limit: int | None, mailed: bool
) -> None:
    link = link_of(alice, FILES_A_PAGE + MORE, download_limit=limit)
    items = list(link.items.all())
    recipient = None
    if mailed:
        [recipient] = Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    seen = Visitor("v" * 22, link.token)
    for item in items[:9]:
        used_up(item, recipient)
    for item in items[3:6]:
        Download.objects.create(link=link, file=item.file, recipient=recipient, visitor=seen.id)
    link.files.filter(pk__in=[item.file_id for item in items[5:12]]).update(ready_at=None, size=7)
    link.files.filter(pk=items[12].file_id).update(deleted_at=timezone.now())
    access = Access(Link.objects.select_related("owner").get(pk=link.pk), recipient)
    assert Totals.counted(seen, access) == Totals.of(offers_to(seen, access))


def used_up(item: Item, recipient: Recipient | None) -> None:
    if recipient:
        RecipientDownloadCount.objects.create(item=item, recipient=recipient, download_count=2)
    else:
        Item.objects.filter(pk=item.pk).update(download_count=2)


def test_a_shell_gets_a_command_for_each_of_a_few_files_and_a_script_for_many(
    alice: User, visitor: Client
) -> None:
    page = visitor.get(link_of(alice, 20).url).content.decode()
    assert page.count("{ curl -fL ") == 20
    many = link_of(alice, 21)
    page = visitor.get(many.url).content.decode()
    assert "{ curl -fL " not in page
    name = f"waybill-{many.public_id}.sh"
    assert f"curl -fL -o {name} {many.url}files.sh &amp;&amp; sh {name}" in page


def test_a_script_that_a_shell_cannot_fetch_is_offered_by_the_page(alice: User, visitor: Client) -> None:
    link = link_of(alice, 21, password="open sesame")
    page = visitor.post(link.url, {"password": "open sesame"}, follow=True).content.decode()
    assert "curl" not in page
    assert reverse("landing_script", args=[link.token]) in page


def test_its_owner_sees_it_page_by_page(alice: User, alice_client: Client) -> None:
    link = link_of(alice, ROWS + MORE)
    address = link.get_absolute_url()
    page = alice_client.get(address).content.decode()
    assert f"1 to {ROWS} of {ROWS + MORE}" in flat(page)
    rest = alice_client.get(f"{address}?contents-page=2").content.decode()
    assert len(names_on(rest)) == MORE
    assert names_on(alice_client.get(address, {"q": "027"}).content.decode()) == ["027.txt"]
    assert "No files match" in alice_client.get(address, {"q": "none"}).content.decode()


def test_its_owner_can_leaf_on_after_a_form_that_was_refused(alice: User, alice_client: Client) -> None:
    link = link_of(alice, ROWS + MORE)
    refused = alice_client.post(reverse("link_settings", args=[link.public_id]), {"limit": "x"})
    assert refused.status_code == 422
    assert len(names_on(alice_client.get(next_page(refused.content.decode())).content.decode())) == MORE


def test_its_owner_stays_on_the_page_from_which_a_file_was_taken(alice: User, alice_client: Client) -> None:
    link = link_of(alice, ROWS + MORE)
    page = alice_client.get(f"{link.get_absolute_url()}?contents-page=2").content.decode()
    removal = re.findall(r'formaction="([^"]+)"', page)[0]
    answer = alice_client.post(removal, follow=True)
    assert answer.redirect_chain == [(f"{link.get_absolute_url()}?contents-page=2#contents", 302)]
    assert len(names_on(answer.content.decode())) == MORE - 1
