"""One link to all files of a drop, copied with one press: while they travel, or once they are there."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Link
from tests.e2e.conftest import MakeFile
from tests.e2e.interception import hold, once
from tests.e2e.upload_page import MIB, batch_of, choose, expect_state, really_drop, row_of, until

pytestmark = pytest.mark.slow

LARGE_AT_ONCE = 3
# While these are held, what was dropped is on its way.
COMPLETION = "*/completion/"


@pytest.fixture
def page(dashboard: Page) -> Page:
    dashboard.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return dashboard


def copy(page: Page) -> str:
    """Copy the link to what was dropped last; what the clipboard holds then."""
    return copied_by(page, batch_of(page), "Copy link")


def copy_all(page: Page) -> str:
    """Copy the link to all drops that move together; what the clipboard holds then."""
    return copied_by(page, page.locator(".upload-head"), "Copy link to all")


def copied_by(page: Page, line: Locator, name: str) -> str:
    button = line.get_by_role("button", name=name)
    button.click()
    expect(line.get_by_text("Link copied")).to_be_visible()
    expect(button).to_be_enabled()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert line.get_by_role("textbox").input_value() == copied
    return copied


def expect_all_ready(page: Page, count: int) -> None:
    expect(page.locator(".upload-row[data-state=ready]")).to_have_count(count)


def names_in(link: Link) -> set[str]:
    return set(link.files.values_list("name", flat=True))


def test_all_that_was_dropped_becomes_one_link(page: Page, make_file: MakeFile) -> None:
    names = {f"{number}.txt" for number in range(3)}
    choose(page, *(make_file(name, name.encode()) for name in names))
    expect_all_ready(page, 3)
    copied = copy(page)
    link = Link.objects.get()
    assert copied.endswith(link.path_by(link.token))
    assert (names_in(link), link.title) == (names, "")
    # In another tab: leaving this one would stop what is on its way.
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Change or email link").click()
    expect(opened.value).to_have_url(re.compile(rf"{link.get_absolute_url()}$"))
    stranger = page.context.new_page()
    stranger.goto(urlsplit(copied).path)
    expect(stranger.get_by_text("Contents · 3 files")).to_be_visible()


def test_a_folder_gives_its_name(page: Page, make_file: MakeFile, tmp_path: Path) -> None:
    folder = tmp_path / "Holiday"
    (folder / "day 1").mkdir(parents=True)
    for name in ("a.txt", "day 1/b.txt"):
        (folder / name).write_text(name)
    really_drop(page, folder)
    expect_all_ready(page, 2)
    copy(page)
    assert Link.objects.get().title == "Holiday"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a" * 199 + "😀" + "z", "a" * 199 + "😀"),
        ("a" * 198 + "👨‍👩‍👧" + "z", "a" * 198),
        ("e" * 199 + "e\u0301z", "e" * 199),
    ],
    ids=["surrogate pair", "several code points", "accent of its own"],
)
def test_a_long_name_of_a_folder_is_cut_between_whole_characters(
    page: Page, tmp_path: Path, name: str, title: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    for inner in ("a", "b"):
        (folder / inner).write_bytes(b"1")
    really_drop(page, folder)
    expect_all_ready(page, 2)
    copy(page)
    assert Link.objects.get().title == title


def test_what_has_not_begun_joins_it_later(page: Page, make_file: MakeFile) -> None:
    held = hold(page, COMPLETION)
    names = [f"{number}.mov" for number in range(LARGE_AT_ONCE + 2)]
    choose(page, *(make_file(name, b"x" * 17 * MIB) for name in names))
    until(page, lambda: File.objects.count() == LARGE_AT_ONCE)
    copy(page)
    link = Link.objects.get()
    until(page, lambda: names_in(link) == set(names[:LARGE_AT_ONCE]))
    held.end()
    expect_all_ready(page, len(names))
    until(page, lambda: names_in(link) == set(names))
    assert Link.objects.count() == 1


def test_what_is_dropped_meanwhile_joins_it_when_it_is_pressed_again(page: Page, make_file: MakeFile) -> None:
    held = hold(page, COMPLETION)
    choose(page, make_file("a.txt", b"a"), make_file("b.txt", b"b"))
    first = copy(page)
    choose(page, make_file("c.txt", b"c"))
    until(page, lambda: File.objects.count() == 3)
    link = Link.objects.get()
    assert names_in(link) == {"a.txt", "b.txt"}
    assert copy_all(page) == first
    until(page, lambda: names_in(link) == {"a.txt", "b.txt", "c.txt"})
    held.end()
    expect_all_ready(page, 3)


def test_what_comes_after_all_have_arrived_gets_a_link_of_its_own(page: Page, make_file: MakeFile) -> None:
    choose(page, make_file("a.txt", b"a"), make_file("b.txt", b"b"))
    expect_all_ready(page, 2)
    first = copy(page)
    choose(page, make_file("c.txt", b"c"), make_file("d.txt", b"d"))
    expect(batch_of(page).get_by_role("textbox")).to_be_hidden()
    expect_all_ready(page, 4)
    assert copy(page) != first
    assert {frozenset(names_in(link)) for link in Link.objects.all()} == {
        frozenset({"a.txt", "b.txt"}),
        frozenset({"c.txt", "d.txt"}),
    }


def test_one_file_has_its_own_button_alone(page: Page, make_file: MakeFile) -> None:
    choose(page, make_file("a.txt", b"a"))
    expect_state(row_of(page, "a.txt"), "ready")
    expect(page.locator(".upload-batch")).to_have_count(0)


def test_a_file_that_was_cancelled_is_not_in_it(page: Page, make_file: MakeFile) -> None:
    held = hold(page, COMPLETION)
    choose(page, *(make_file(f"{number}.mov", b"x" * 17 * MIB) for number in range(LARGE_AT_ONCE + 1)))
    waiting = page.locator(".upload-row[data-state=waiting]")
    copy(page)
    waiting.get_by_role("button", name="Cancel").click()
    held.end()
    expect_all_ready(page, LARGE_AT_ONCE)
    assert Link.objects.get().files.count() == LARGE_AT_ONCE
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_cannot_join_is_told(page: Page, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharing.links.models.granting.MAX_FILES", 2)
    held = hold(page, COMPLETION)
    choose(page, make_file("a.txt", b"a"), make_file("b.txt", b"b"))
    until(page, lambda: File.objects.count() == 2)
    copy(page)
    choose(page, make_file("c.txt", b"c"))
    until(page, lambda: File.objects.count() == 3)
    copy_all(page)
    expect(
        page.get_by_text("Not all files are in the link. A link can hold at most 2 files.")
    ).to_be_visible()
    held.end()
    expect_all_ready(page, 3)


def test_a_site_that_is_away_for_a_moment_loses_none(page: Page, make_file: MakeFile) -> None:
    held = hold(page, COMPLETION)
    choose(page, make_file("a.txt", b"a"), make_file("b.txt", b"b"))
    until(page, lambda: File.objects.count() == 2)
    copy(page)
    once(page, "*/api/v1/links/*/files/", lambda request: request.answer(503, "text/plain", "Away."))
    choose(page, make_file("c.txt", b"c"))
    until(page, lambda: File.objects.count() == 3)
    copy_all(page)
    until(page, lambda: names_in(Link.objects.get()) == {"a.txt", "b.txt", "c.txt"})
    held.end()
    expect_all_ready(page, 3)


def kept(page: Page) -> list[str]:
    """Return what this browser keeps of links over a reload."""
    names: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((name) => name.startsWith('waybill-links'))"
    )
    return names


def interrupted(page: Page, paths: list[Path]) -> str:
    """Copy a link to these while the last have not begun, and reload the page."""
    held = hold(page, COMPLETION)
    choose(page, *paths)
    until(page, lambda: File.objects.count() == LARGE_AT_ONCE)
    copied = copy(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    held.end()
    page.locator("file-drop:defined").wait_for()
    return copied


@pytest.fixture
def films(make_file: MakeFile) -> list[Path]:
    return [make_file(f"{number}.mov", b"%d" % number * 17 * MIB) for number in range(LARGE_AT_ONCE + 2)]


def test_after_a_reload_what_is_dropped_again_joins_the_link_that_was_sent(
    page: Page, films: list[Path]
) -> None:
    copied = interrupted(page, films)
    choose(page, *films)
    expect(page.get_by_text("What was missing is added to the link that you created before.")).to_be_visible()
    expect_all_ready(page, len(films))
    link = Link.objects.get()
    until(page, lambda: names_in(link) == {path.name for path in films})
    assert copy(page) == copied
    until(page, lambda: kept(page) == [])


def test_what_is_dropped_with_it_joins_only_when_the_link_is_asked_for(
    page: Page, films: list[Path], make_file: MakeFile
) -> None:
    copied = interrupted(page, films)
    choose(page, *films, make_file("new.txt", b"new"))
    expect(batch_of(page)).to_contain_text(f"{len(films) + 1} files uploaded")
    link = Link.objects.get()
    until(page, lambda: names_in(link) == {path.name for path in films})
    assert copy(page) == copied
    assert "new.txt" in names_in(link)


def test_a_link_that_was_revoked_meanwhile_is_not_copied_again(
    page: Page, films: list[Path], alice: User
) -> None:
    copied = interrupted(page, films)
    Link.objects.get().revoke(by=alice)
    choose(page, *films)
    expect_all_ready(page, len(films))
    assert copy(page) != copied
    assert Link.objects.usable().get().files.count() == len(films)


def test_nothing_is_kept_of_a_link_once_all_have_arrived(page: Page, make_file: MakeFile) -> None:
    held = hold(page, COMPLETION)
    choose(page, make_file("a.txt", b"a"), make_file("b.txt", b"b"))
    copy(page)
    assert len(kept(page)) == 1
    assert "a.txt" not in page.evaluate("JSON.stringify(localStorage)")
    held.end()
    expect_all_ready(page, 2)
    until(page, lambda: kept(page) == [])
