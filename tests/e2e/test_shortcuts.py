"""Keys that do what a button does: search, send, help, and moving through lists."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from tests.e2e.conftest import MakeFile
from tests.e2e.upload_page import choose, expect_state, row_of
from tests.factories import recorded_file


@pytest.fixture
def page(alice_page: Page, alice: User) -> Page:
    for name in ("a.txt", "b.txt", "c.txt"):
        recorded_file(alice, name=name)
    alice_page.goto("/")
    alice_page.locator("keyboard-shortcuts:defined").wait_for(state="attached")
    return alice_page


def test_a_slash_searches(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.keyboard.type("n/?")
    expect(page.get_by_role("searchbox").first).to_have_value("n/?")


def test_n_sends_something_new(page: Page, site: str) -> None:
    page.evaluate("delete window.showOpenFilePicker")
    with page.expect_file_chooser():
        page.keyboard.press("n")
    page.goto(reverse("trash"))
    page.locator("keyboard-shortcuts:defined").wait_for(state="attached")
    page.keyboard.press("n")
    expect(page).to_have_url(f"{site}/")


def test_a_question_mark_lists_them_and_they_can_be_turned_off(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Search")
    dialog.get_by_label("Use single-key shortcuts").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()


def test_arrows_and_space_work_in_lists(page: Page) -> None:
    names = page.locator("#files a.name")
    names.first.focus()
    page.keyboard.press("ArrowDown")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#files tbody tr").nth(1).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(names.first).to_be_focused()


def test_delete_cancels_or_clears_an_upload(page: Page, make_file: MakeFile) -> None:
    page.locator("file-drop:defined").wait_for()
    choose(page, make_file("few.txt", b"hello"))
    expect_state(row_of(page, "few.txt"), "ready")
    row_of(page, "few.txt").get_by_role("button", name="Copy link").focus()
    page.keyboard.press("Delete")
    expect(row_of(page, "few.txt")).to_have_count(0)
