"""Rows are ticked one by one and by ranges, and what is ticked is changed by one press."""

from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from tests.factories import link_to, recorded_file


def test_a_tick_with_the_shift_key_ticks_the_rows_between(alice_page: Page, alice: User) -> None:
    for number in range(5):
        recorded_file(alice, name=f"{number}.txt")
    alice_page.goto("/")
    alice_page.get_by_label("Select 3.txt").click()
    alice_page.get_by_label("Select 1.txt").click(modifiers=["Shift"])
    alice_page.get_by_role("button", name="Delete (3)").click()
    expect(alice_page.get_by_text("Deleted 3 files.")).to_be_visible()
    alice_page.get_by_role("button", name="Undo").click()
    expect(alice_page.get_by_text("Restored 3 files.")).to_be_visible()
    assert alice.files.present().count() == 5


def test_a_folder_is_deleted_by_two_clicks(alice_page: Page, alice: User) -> None:
    for number in range(30):
        recorded_file(alice, name=f"{number}.jpg", path="photos/may")
    recorded_file(alice, name="beside.txt")
    alice_page.goto("/")
    alice_page.get_by_label("Select folder photos").click()
    alice_page.get_by_role("button", name="Delete (1)").click()
    expect(alice_page.get_by_text("Deleted 30 files.")).to_be_visible()
    assert [file.name for file in alice.files.present()] == ["beside.txt"]


def test_all_on_a_page_leaves_folders_out(alice_page: Page, alice: User) -> None:
    recorded_file(alice, name="within.jpg", path="photos")
    alice_page.goto("/")
    alice_page.locator("#files").get_by_label("Select all on this page").check()
    expect(alice_page.get_by_label("Select within.jpg")).to_be_checked()
    expect(alice_page.get_by_label("Select folder photos")).not_to_be_checked()


def test_a_setting_that_is_refused_has_the_focus_and_is_told_at_the_top(
    alice_page: Page, alice: User
) -> None:
    link = link_to(recorded_file(alice))
    alice_page.goto(link.get_absolute_url())
    alice_page.locator("#password summary").click()
    alice_page.locator("#id_password").fill("abc")
    alice_page.get_by_role("button", name="Save", exact=True).click()
    expect(alice_page.locator("#id_password")).to_be_focused()
    expect(alice_page.get_by_text("Not saved. Please check: Password.")).to_be_in_viewport()
    alice_page.locator("#id_password").fill("sesame")
    alice_page.get_by_role("button", name="Save", exact=True).click()
    expect(alice_page.get_by_text("Settings saved.")).to_be_in_viewport()
