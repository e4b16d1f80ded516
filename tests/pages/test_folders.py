"""Folders on the dashboard: rows with what they hold, the way to them, and what is done to one as a whole."""

import re
from html import unescape

import pytest
from django.test import Client

from sharing.accounts.models import User
from sharing.files import folders
from sharing.files.folders import folders_in, steps
from sharing.pages.views import dashboard
from tests.factories import recorded_file

pytestmark = pytest.mark.django_db
# In the order of their bytes, "-" stands before "/" and "0" behind it.
PATHS = ("a", "a-2", "a/b", "a/b/c", "a0", "A", "été/x", "été", "", "z/y/x", "\N{GRINNING FACE}")


@pytest.fixture
def paths(alice: User, bob: User) -> tuple[str, ...]:
    for path in PATHS:
        recorded_file(alice, name=f"in {path.replace('/', '_')}.txt", path=path, size=1000)
    recorded_file(bob, name="theirs.txt", path="theirs")
    return PATHS


def rows(client: Client, **query: str) -> dict[str, str]:
    """The folders of the page, each with what stands below its name."""
    page = client.get("/", query).content.decode()
    found = re.findall(r'(?s)name="folder"\s+value="([^"]+)"\s+form="pick".+?<small>(.+?)</small>', page)
    return {unescape(path): " ".join(count.split()) for path, count in found}


def names(client: Client, **query: str) -> set[str]:
    return {file.name for file in client.get("/", query).context["files"].page}


@pytest.mark.usefixtures("paths")
def test_those_at_the_top_are_rows_with_all_that_they_hold(alice_client: Client) -> None:
    assert rows(alice_client) == {
        "A": "1 file",
        "a": "3 files",
        "a-2": "1 file",
        "a0": "1 file",
        "z": "1 file",
        "été": "2 files",
        "\N{GRINNING FACE}": "1 file",
    }


@pytest.mark.usefixtures("paths")
def test_one_shows_its_folders_and_its_files_and_the_way_to_it(alice_client: Client) -> None:
    assert rows(alice_client, folder="a") == {"a/b": "2 files"}
    assert names(alice_client, folder="a") == {"in a.txt", "in a_b.txt", "in a_b_c.txt"}
    page = alice_client.get("/", {"folder": "a/b/c"}).content.decode()
    assert 'href="?folder=a#files"' in page
    assert 'href="?folder=a%2Fb#files"' in page
    assert '<strong aria-current="page"><bdi>c</bdi></strong>' in page


@pytest.mark.usefixtures("paths")
def test_a_search_stays_in_the_folder(alice_client: Client) -> None:
    assert names(alice_client, folder="a", q="txt b") == {"in a_b.txt", "in a_b_c.txt"}
    assert rows(alice_client, folder="a", q="b") == {}
    assert 'name="folder" value="a"' in alice_client.get("/", {"folder": "a"}).content.decode()


def test_words_are_found_in_any_order(alice: User, alice_client: Client) -> None:
    recorded_file(alice, name="photo1.jpg", path="Summer")
    recorded_file(alice, name="photo2.png", path="Summer")
    assert names(alice_client, q="jpg photo") == {"photo1.jpg"}
    assert names(alice_client, q="summer PHOTO") == {"photo1.jpg", "photo2.png"}


@pytest.mark.usefixtures("paths")
def test_all_that_was_found_in_a_folder_is_deleted_and_nothing_beside_it(
    alice: User, alice_client: Client
) -> None:
    alice_client.post("/files/deletion/", {"found": "all", "q": "", "in": "a"})
    left = {path for (path,) in alice.files.present().values_list("path")}
    assert left == {path for path in PATHS if path != "a" and not path.startswith("a/")}


def test_there_are_more_than_one_page_shows(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard, "FOLDERS", 2)
    for path in ("a/x", "b", "c", "d/y/z"):
        recorded_file(alice, path=path)
    assert list(rows(alice_client)) == ["a", "b"]
    page = alice_client.get("/").content.decode()
    assert 'href="?folders-after=b#files"' in page
    assert list(rows(alice_client, **{"folders-after": "b"})) == ["c", "d"]


@pytest.mark.parametrize("limit", range(1, 8))
def test_page_by_page_each_comes_once(paths: tuple[str, ...], alice: User, limit: int) -> None:
    found: list[str] = []
    while some := folders_in(alice, "", after=found[-1] if found else "", limit=limit):
        found += some
    assert sorted(found) == sorted({path.partition("/")[0] for path in paths if path})


def test_they_are_in_their_natural_order(alice: User, alice_client: Client) -> None:
    for path in ("Part 10", "part 2", "Éric", "eric 3", "part 1/part 10", "part 1/part 9"):
        recorded_file(alice, path=path)
    assert list(rows(alice_client)) == ["Éric", "eric 3", "part 1", "part 2", "Part 10"]
    assert list(rows(alice_client, folder="part 1")) == ["part 1/part 9", "part 1/part 10"]


def test_many_files_are_not_all_counted(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "COUNTED", 2)
    for _ in range(3):
        recorded_file(alice, path="many")
    assert rows(alice_client) == {"many": "more than 2 files"}


def test_the_way_to_a_folder_has_each_step() -> None:
    assert steps("a/b/c") == [("a", "a"), ("a/b", "b"), ("a/b/c", "c")]
    assert steps("") == []


@pytest.mark.parametrize("folder", ["nowhere", "/", "..", "a\0b", "%", "x" * 5000])
def test_one_that_is_not_there_is_empty(alice: User, alice_client: Client, folder: str) -> None:
    recorded_file(alice, path="here")
    answer = alice_client.get("/", {"folder": folder})
    assert answer.status_code in {200, 400}


def test_heads_sort_and_say_how(alice: User, alice_client: Client) -> None:
    recorded_file(alice)
    page = " ".join(alice_client.get("/", {"files-sort": "newest"}).content.decode().split())
    assert 'aria-sort="descending"' in page
    assert 'href="?files-sort=oldest#files"' in page
    page = " ".join(alice_client.get("/", {"files-sort": "oldest"}).content.decode().split())
    assert 'aria-sort="ascending"' in page
