"""Files just sent stay in sight: the newest first, a folder as one line that opens, and a bar for who scrolled."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.conftest import MakeFile
from tests.e2e.interception import hold
from tests.e2e.upload_page import MIB, batch_of, choose, expect_state, really_drop, row_of

COMPLETION = "*/completion/"
MANY = 110
MOST = 2000
MOST_NODES = 60

DROP_FOLDER = """(count) => {
  const files = Array.from({ length: count }, (_, index) => new File([`number ${index}`], `${index}.txt`));
  const entryOf = (file) => ({ isFile: true, isDirectory: false, name: file.name, file: (take) => take(file) });
  const entries = files.map(entryOf);
  const createReader = () => ({ readEntries: (take) => take(entries.splice(0, 100)) });
  const folder = { isFile: false, isDirectory: true, name: "photos", createReader };
  const item = { kind: "file", webkitGetAsEntry: () => folder, getAsFile: () => null };
  const event = new Event("drop", { bubbles: true, cancelable: true });
  document.body.dispatchEvent(Object.assign(event, { dataTransfer: { types: ["Files"], items: [item] } }));
}"""


def drop_folder(page: Page, count: int) -> None:
    page.evaluate(DROP_FOLDER, count)


def entries(page: Page) -> Locator:
    return page.locator("[data-part=list] > li")


def test_a_folder_is_one_line_that_opens_to_its_files(dashboard: Page) -> None:
    drop_folder(dashboard, MANY)
    expect(batch_of(dashboard)).to_contain_text(f"{MANY} files uploaded")
    expect(dashboard.locator(".upload-row")).to_have_count(0)
    line = dashboard.get_by_role("button", name="photos")
    expect(line).to_have_attribute("aria-expanded", "false")
    line.click()
    expect(dashboard.locator(".upload-row")).to_have_count(100)
    expect(dashboard.locator("[data-part=files-rest]")).to_have_text("and 10 more files")
    line.click()
    expect(dashboard.locator(".upload-row")).to_have_count(0)


def test_after_many_files_the_next_one_is_first_with_all_its_buttons(
    dashboard: Page, make_file: MakeFile
) -> None:
    held = hold(dashboard, COMPLETION)
    drop_folder(dashboard, MANY)
    expect(batch_of(dashboard)).to_be_visible()
    choose(dashboard, make_file("one more.txt", b"hello"))
    row = entries(dashboard).first
    expect(row).to_contain_text("one more.txt")
    expect(row.get_by_role("button", name="Copy link")).to_be_in_viewport()
    held.end()
    expect_state(row_of(dashboard, "one more.txt"), "ready")


def test_a_hundred_and_ten_files_one_by_one_leave_the_newest_in_sight(dashboard: Page) -> None:
    dashboard.route("**/api/v1/uploads/**", lambda _: None)
    picker = dashboard.locator("file-drop input[type=file]")
    for number in range(MANY):
        picker.set_input_files(FilePayload(name=f"{number}.txt", mimeType="text/plain", buffer=b"x"))
    expect(entries(dashboard).first).to_contain_text(f"{MANY - 1}.txt")
    expect(entries(dashboard).first.get_by_role("button", name="Cancel")).to_be_in_viewport()
    expect(entries(dashboard)).to_have_count(100)
    expect(dashboard.locator("[data-part=rest]")).to_have_text("and 10 earlier uploads")


def test_what_has_ended_can_be_cleared(dashboard: Page, make_file: MakeFile) -> None:
    choose(dashboard, make_file("a.txt", b"a"), make_file("b.txt", b"b"))
    expect(batch_of(dashboard)).to_contain_text("2 files uploaded")
    choose(dashboard, make_file("c.txt", b"c"))
    expect_state(row_of(dashboard, "c.txt"), "ready")
    batch_of(dashboard).get_by_role("button", name="Clear").click()
    expect(entries(dashboard)).to_have_count(1)
    row_of(dashboard, "c.txt").get_by_role("button", name="Clear").click()
    expect(entries(dashboard)).to_have_count(0)
    expect(dashboard.get_by_role("button", name="Choose files")).to_be_focused()
    # They are in the list below, and stay there.
    expect(dashboard.locator("#files tbody tr")).to_have_count(3)


def test_a_failure_in_a_closed_line_is_seen_and_spoken(dashboard: Page) -> None:
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": b"x"}
        for name in ("x" * 300, *(f"{number}.txt" for number in range(8)))
    ]
    dashboard.locator("file-drop input[type=file]").set_input_files(payloads)
    expect(batch_of(dashboard)).to_contain_text("8 files uploaded · 1 failed")
    expect(dashboard.locator(".upload-row")).to_have_count(1)
    expect(dashboard.locator(".upload-row")).to_contain_text("Shorten it.")
    expect(dashboard.locator("file-drop [data-part=voice]")).to_contain_text("Shorten it.")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_drop_while_scrolled_down_shows_a_bar_that_sticks(
    dashboard: Page, tmp_path: Path, width: int
) -> None:
    dashboard.set_viewport_size({"width": width, "height": 700})
    dashboard.evaluate("document.body.style.minHeight = '4000px'; window.scrollTo(0, 3000)")
    dashboard.context.grant_permissions(["clipboard-read", "clipboard-write"])
    held = hold(dashboard, COMPLETION)
    (tmp_path / "film.mov").write_bytes(os.urandom(MIB))
    really_drop(dashboard, tmp_path / "film.mov")
    bar = dashboard.get_by_role("complementary", name="Uploads")
    expect(bar).to_contain_text("0 of 1 file")
    expect(bar).to_be_in_viewport()
    bar.get_by_role("button", name="Copy link").click()
    expect(bar.get_by_role("status")).to_have_text("Link copied")
    assert re.search("/s/", dashboard.evaluate("navigator.clipboard.readText()"))
    held.end()
    expect(bar).to_contain_text("1 file uploaded")
    bar.get_by_role("button", name="Show").click()
    expect(bar).to_be_hidden()
    expect(row_of(dashboard, "film.mov")).to_be_in_viewport()


def test_the_bar_can_be_hidden_until_the_next_drop(dashboard: Page, make_file: MakeFile) -> None:
    dashboard.evaluate("document.body.style.minHeight = '4000px'; window.scrollTo(0, 3000)")
    choose(dashboard, make_file("a.txt", b"a"))
    bar = dashboard.get_by_role("complementary", name="Uploads")
    bar.get_by_role("button", name="Hide").click()
    expect(bar).to_be_hidden()
    choose(dashboard, make_file("b.txt", b"b"))
    expect(bar).to_be_visible()


def test_two_thousand_files_show_no_more_rows_than_a_page_can_bear(dashboard: Page) -> None:
    dashboard.route("**/api/v1/uploads/**", lambda _: None)
    drop_folder(dashboard, MOST)
    expect(dashboard.locator("[data-part=total]")).to_contain_text("0 of 2,000 files")
    dashboard.get_by_role("button", name="photos").click()
    expect(dashboard.locator(".upload-row")).to_have_count(100)
    nodes = "(rows) => Math.max(...rows.map((row) => row.querySelectorAll('*').length + 1))"
    assert dashboard.locator(".upload-row").evaluate_all(nodes) <= MOST_NODES
    assert batch_of(dashboard).evaluate("(line) => line.querySelectorAll('*').length") <= MOST_NODES
