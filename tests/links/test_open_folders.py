"""Folders of a link are rows with what they hold: they open in place, or by their address where files are many."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download, Item, Link
from sharing.links.statements import FILES_A_PAGE
from sharing.pages.templatetags.waybill import size_element
from tests.factories import kept_file, link_to, recorded_file
from tests.html import flat

pytestmark = pytest.mark.django_db

ROW = re.compile(
    r'class="folder-head"[^>]*> <span class="thumb.*?<bdi>(.*?)</bdi> <small>(.*?)</small> </span> '
    r'<span class="figure">(.*?)</span>'
)


def folders_on(answer: Any) -> list[tuple[str, str]]:
    return [(name, count) for name, count, _size in ROW.findall(flat(answer.content.decode()))]


def files_on(answer: Any) -> list[str]:
    return re.findall(r"<bdi>([^<]+\.txt)</bdi>", answer.content.decode().partition('id="contents"')[2])


def album(alice: User) -> list[File]:
    return [
        recorded_file(alice, name="read me.txt", path="album"),
        recorded_file(alice, name="1.txt", path="album/may", size=1000),
        recorded_file(alice, name="2.txt", path="album/may/first", size=2000),
        recorded_file(alice, name="3.txt", path="album/june"),
    ]


@pytest.fixture
def long_link(alice: User) -> Link:
    """A link to more files than a page shows, in two folders and beside them."""
    paths = ["a"] * FILES_A_PAGE + ["b/c"] * 5 + [""] * 2
    return link_to(*(recorded_file(alice, name=f"{n:03}.txt", path=path) for n, path in enumerate(paths)))


def test_a_short_link_s_folders_hold_their_files(alice: User, visitor: Client) -> None:
    answer = visitor.get(link_to(*album(alice)).url)
    assert folders_on(answer) == [("june", "1 file"), ("may", "2 files")]
    assert [size for *_rest, size in ROW.findall(flat(answer.content.decode()))][1] == size_element(3000)
    assert files_on(answer) == ["3.txt", "1.txt", "2.txt", "read me.txt"]
    assert '<strong aria-current="page"><bdi>album</bdi></strong>' in flat(answer.content.decode())
    assert "<bdi>first/</bdi>" in answer.content.decode()


def test_of_a_few_files_folders_are_open(alice: User, visitor: Client) -> None:
    few = link_to(*album(alice))
    assert "<details open>" in flat(visitor.get(few.url).content.decode())
    more = link_to(*few.files.all(), *(recorded_file(alice, path="album/b") for _ in range(20)))
    page = flat(visitor.get(more.url).content.decode())
    assert "<details open>" not in page
    assert page.count('class="folder-head"') == 3


def test_a_link_without_folders_has_none(alice: User, visitor: Client) -> None:
    answer = visitor.get(link_to(recorded_file(alice), recorded_file(alice, name="b.txt")).url)
    assert folders_on(answer) == []
    assert "folders.css" not in answer.content.decode()


def test_a_long_link_s_folders_are_opened_by_their_address(long_link: Link, visitor: Client) -> None:
    top = visitor.get(long_link.url)
    assert folders_on(top) == [("a", "100 files"), ("b", "5 files")]
    assert files_on(top) == ["105.txt", "106.txt"]
    assert '?folder=b#contents"' in top.content.decode()
    assert len(files_on(visitor.get(f"{long_link.url}?folder=a"))) == FILES_A_PAGE
    assert folders_on(visitor.get(f"{long_link.url}?folder=b")) == [("c", "5 files")]
    inner = visitor.get(f"{long_link.url}?folder=b/c")
    assert len(files_on(inner)) == 5
    assert "All files" in inner.content.decode()
    assert 'data-folder="b/c"' in inner.content.decode()


@pytest.mark.parametrize("folder", ["none", "a/b", "b/", "../a", "x" * 3000, "\u202e"])
def test_a_folder_that_is_not_there_shows_the_top(long_link: Link, visitor: Client, folder: str) -> None:
    answer = visitor.get(long_link.url, {"folder": folder})
    assert answer.status_code == 200
    assert len(folders_on(answer)) == 2


def test_folders_and_files_are_leafed_through_together(alice: User, visitor: Client) -> None:
    paths = [f"{n:03}" for n in range(FILES_A_PAGE + 1)] + [""] * 3
    link = link_to(*(recorded_file(alice, name=f"{n:03}.txt", path=path) for n, path in enumerate(paths)))
    first, second = visitor.get(link.url), visitor.get(f"{link.url}?contents-page=2")
    assert (len(folders_on(first)), files_on(first)) == (FILES_A_PAGE, [])
    assert folders_on(second) == [("100", "1 file")]
    assert files_on(second) == ["101.txt", "102.txt", "103.txt"]


def test_opening_one_is_no_other_view_and_spends_nothing(long_link: Link, visitor: Client) -> None:
    for address in ("", "?folder=a", "?folder=b"):
        visitor.get(f"{long_link.url}{address}")
    long_link.refresh_from_db()
    assert long_link.view_count == 1
    assert not Download.objects.exists()


@pytest.mark.usefixtures("views_pending")
def test_a_folder_takes_four_queries_however_many_there_are(
    long_link: Link, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(
        4
    ):  # the link, its first files, what each path comes to, and the folder's files
        visitor.get(f"{long_link.url}?folder=b/c")


def test_a_search_finds_inside_of_folders(long_link: Link, visitor: Client) -> None:
    answer = visitor.get(long_link.url, {"q": "102"})
    assert files_on(answer) == ["102.txt"]
    assert folders_on(answer) == []
    assert "<bdi>b/c/</bdi>" in answer.content.decode()


def test_what_moves_to_another_folder_is_shown_there_at_once(long_link: Link, visitor: Client) -> None:
    assert folders_on(visitor.get(long_link.url)) == [("a", "100 files"), ("b", "5 files")]
    File.objects.filter(name="104.txt").update(path="a")
    assert folders_on(visitor.get(long_link.url)) == [("a", "101 files"), ("b", "4 files")]


def test_a_locked_link_tells_none_of_its_folders(alice: User, visitor: Client) -> None:
    link = link_to(*album(alice), password="open sesame")
    answer = visitor.get(f"{link.url}?folder=album/may")
    assert answer.status_code == 403
    assert "may" not in answer.content.decode().replace("mayb", "")


def test_one_folder_is_downloaded_and_spent_alone(alice: User, visitor: Client) -> None:
    files = [
        kept_file(alice, name=name, path=path)
        for name, path in (("1.txt", "may"), ("2.txt", "may/first"), ("3.txt", "mayor"), ("4.txt", ""))
    ]
    link = link_to(*files, download_limit=1, title="Album")
    answer = visitor.post(reverse("landing_collection", args=[link.token]), {"folder": "may"})
    assert [file["path"] for file in answer.json()["files"]] == ["may/1.txt", "may/first/2.txt"]
    assert 'filename="may.zip"' in answer.json()["disposition"]
    spent = Item.objects.filter(link=link, download_count=1).values_list("file__name", flat=True)
    assert sorted(spent) == ["1.txt", "2.txt"]
    assert (
        visitor.post(reverse("landing_collection", args=[link.token]), {"folder": "none"}).status_code == 409
    )
