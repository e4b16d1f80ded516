"""The menu of a row: what is done with one file or folder, by the mouse and by the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from tests.factories import recorded_file


@pytest.fixture
def page(alice_page: Page, alice: User) -> Page:
    for name in ("one.txt", "two.txt"):
        recorded_file(alice, name=name)
    recorded_file(alice, name="within.txt", path="photos")
    alice_page.goto("/")
    return alice_page


def menu_of(page: Page, name: str) -> None:
    page.get_by_label(f"More actions for {name}", exact=True).click()


def test_a_file_is_deleted_by_two_clicks_and_brought_back(page: Page, alice: User) -> None:
    menu_of(page, "one.txt")
    page.get_by_role("button", name="Delete", exact=True).and_(page.locator("[form=row-actions]")).click()
    expect(page.get_by_text("Deleted “one.txt”.")).to_be_visible()
    assert alice.files.present().count() == 2
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Restored “one.txt”.")).to_be_visible()


def test_a_folder_is_deleted_by_two_clicks(page: Page, alice: User) -> None:
    menu_of(page, "photos")
    page.get_by_role("button", name="Delete", exact=True).and_(page.locator("[form=row-actions]")).click()
    expect(page.get_by_text("Deleted 1 file.")).to_be_visible()
    assert {file.name for file in alice.files.present()} == {"one.txt", "two.txt"}


def test_one_is_open_at_a_time_and_closed_from_elsewhere(page: Page) -> None:
    opened = page.locator("details.row-menu[open]")
    menu_of(page, "one.txt")
    expect(opened).to_have_count(1)
    page.get_by_label("More actions for two.txt").click()
    expect(opened).to_have_count(1)
    page.get_by_role("heading", name="Files", exact=True).click()
    expect(opened).to_have_count(0)
    page.get_by_label("More actions for two.txt").press("Enter")
    expect(opened).to_have_count(1)
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(page.get_by_label("More actions for two.txt")).to_be_focused()


def test_a_folder_is_renamed_and_moved(page: Page, alice: User) -> None:
    menu_of(page, "photos")
    page.get_by_role("link", name="Rename or move").click()
    page.get_by_label("Name", exact=True).fill("pictures")
    page.get_by_label("Folder", exact=True).fill("2026")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Moved or renamed 1 file.")).to_be_visible()
    assert alice.files.get(name="within.txt").path == "2026/pictures"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Moved 1 file back.")).to_be_visible()


def test_delete_is_a_key_of_the_row(page: Page, alice: User) -> None:
    page.locator("#files a.name", has_text="two.txt").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("Deleted “two.txt”.")).to_be_visible()


def test_on_a_phone_all_of_it_is_in_the_menu(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_label("Create link to one.txt")).to_be_hidden()
    menu_of(page, "one.txt")
    link = page.get_by_role("link", name="Create link", exact=True)
    expect(link).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    link.click()
    expect(page.get_by_role("button", name="Create link")).to_be_visible()


def test_a_row_has_few_nodes(page: Page) -> None:
    counts = page.locator("tbody tr").evaluate_all(
        "rows => rows.map((row) => row.querySelectorAll('*').length)"
    )
    assert counts
    assert max(counts) <= 60


def test_in_the_grid_a_menu_stays_on_the_page_of_a_phone(page: Page, alice: User) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/?view=grid")
    for name in ("photos", "one.txt", "two.txt"):
        menu_of(page, name)
        box = page.locator("details.row-menu[open] > .menu").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
