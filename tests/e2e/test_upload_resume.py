"""After a reload, or on another device, a person goes on with what was begun: the missing parts travel, no other."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File, OwnerSender, Upload
from sharing.files.models.upload_spec import UploadSpec
from tests.bucket_client import sha256
from tests.e2e.conftest import MakeFile, NewContext, listen_for_choosers
from tests.e2e.interception import Intercept, hold
from tests.e2e.upload_page import (
    MIB,
    bytes_of,
    choose,
    expect_state,
    parts_in,
    really_drop,
    row_of,
    until,
    wait_for_an_empty_quota,
    watch_puts,
)
from tests.people import RunTasks

LAST_PART = "*/files/*partNumber=7*"
SIZE = 33 * MIB
# More than the API lists unless it is asked for more; queue.js has up to 400 on their way.
MANY = 210
# No test can press the buttons of the system's own picker; this one picks a file that the browser keeps for the site.
PICKED = """async (size) => {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle("film.mov", { create: true });
  const writable = await handle.createWritable();
  await writable.write(new Uint8Array(size));
  await writable.close();
  window.showOpenFilePicker = async () => [handle];
}"""


# A tab that is slow to hear what others ask it.
BUSY = """new BroadcastChannel("waybill-uploads").addEventListener("message", () => {
  const end = performance.now() + 3000;
  while (performance.now() < end);
});"""


def row_waiting(page: Page) -> Locator:
    return page.locator("[data-part=unfinished-list] > li")


def break_off(page: Page, path: Path) -> None:
    """Send six of seven parts of this file, and reload the page."""
    held = hold(page, LAST_PART)
    choose(page, path)
    reload(page, held)


def reload(page: Page, held: Intercept) -> None:
    """Once six parts have not only left but arrived."""
    until(page, lambda: [len(upload.stored_parts()) for upload in Upload.objects.all()] == [6])
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    # Not before: what is held would go on.
    held.end()
    page.locator("file-drop:defined").wait_for()


@pytest.fixture
def film(make_file: MakeFile) -> Path:
    return make_file("film.mov", os.urandom(SIZE))


def test_the_same_file_chosen_again_goes_on_with_the_missing_part_alone(dashboard: Page, film: Path) -> None:
    break_off(dashboard, film)
    expect(row_waiting(dashboard)).to_contain_text("31.5 of 34.6 MB uploaded")
    expect(dashboard.locator("#uploads")).to_be_hidden()
    puts = watch_puts(dashboard)
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    expect(row_waiting(dashboard)).to_have_count(0)
    assert bytes_of("film.mov") == film.read_bytes()
    assert parts_in(puts) == ["7"]
    assert Upload.objects.count() == 1


def test_it_goes_on_in_another_browser(dashboard: Page, film: Path, new_alice_context: NewContext) -> None:
    break_off(dashboard, film)
    elsewhere = new_alice_context().new_page()
    listen_for_choosers(elsewhere)
    elsewhere.goto("/")
    puts = watch_puts(elsewhere)
    with elsewhere.expect_file_chooser() as chooser:
        row_waiting(elsewhere).get_by_role("button", name="Choose file to resume").click()
    chooser.value.set_files(film)
    expect_state(row_of(elsewhere, "film.mov"), "ready")
    assert bytes_of("film.mov") == film.read_bytes()
    assert parts_in(puts) == ["7"]


def test_another_file_of_the_same_name_and_size_is_noticed_before_a_byte_of_it_travels(
    dashboard: Page, film: Path
) -> None:
    right = film.read_bytes()
    break_off(dashboard, film)
    puts = watch_puts(dashboard)
    # Only what is there already differs: the part that is missing would look right.
    film.write_bytes(bytes([right[0] ^ 1]) + right[1:])
    choose(dashboard, film)
    expect(row_waiting(dashboard).get_by_role("alert")).to_contain_text(
        "This is not the file that this upload was started with"
    )
    assert puts == []
    film.write_bytes(right)
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert bytes_of("film.mov") == right


def test_a_file_of_another_size_is_refused_with_words(
    dashboard: Page, film: Path, make_file: MakeFile
) -> None:
    break_off(dashboard, film)
    with dashboard.expect_file_chooser() as chooser:
        row_waiting(dashboard).get_by_role("button", name="Choose file to resume").click()
    chooser.value.set_files(make_file("other.mov", b"x"))
    expect(row_waiting(dashboard).get_by_role("alert")).to_contain_text("That file has a different size.")


def test_a_folder_dropped_again_goes_on_where_its_files_were(dashboard: Page, tmp_path: Path) -> None:
    film = tmp_path / "films" / "film.mov"
    film.parent.mkdir()
    film.write_bytes(os.urandom(SIZE))
    held = hold(dashboard, LAST_PART)
    really_drop(dashboard, film.parent)
    reload(dashboard, held)
    expect(row_waiting(dashboard)).to_contain_text("in films")
    puts = watch_puts(dashboard)
    really_drop(dashboard, film.parent)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert parts_in(puts) == ["7"]
    assert File.objects.get().path == "films"


@pytest.mark.slow
def test_a_folder_of_which_hundreds_of_small_files_were_on_their_way_begins_none_of_them_again(
    dashboard: Page, alice: User, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    specs = []
    for number in range(MANY):
        path, body = folder / f"{number}.txt", str(number).encode()
        path.write_bytes(body)
        date = int(path.stat().st_mtime * 1000)
        specs.append(
            UploadSpec(path.name, len(body), "text/plain", "many", True, sha256(body), last_modified=date)
        )
    Upload.objects.start_all(specs, sender=OwnerSender(alice))
    dashboard.reload()
    expect(dashboard.locator("[data-part=unfinished-count]")).to_have_text(str(MANY))
    really_drop(dashboard, folder)
    expect(dashboard.locator("[data-part=total]")).to_have_text(f"{MANY} files uploaded", timeout=90_000)
    assert Upload.objects.count() == MANY


def test_where_the_browser_keeps_a_handle_one_click_goes_on(dashboard: Page, film: Path) -> None:
    held = hold(dashboard, LAST_PART)
    really_drop(dashboard, film)
    reload(dashboard, held)
    puts = watch_puts(dashboard)
    row_waiting(dashboard).get_by_role("button", name="Resume", exact=True).click()
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert bytes_of("film.mov") == film.read_bytes()
    assert parts_in(puts) == ["7"]


def test_a_picker_that_gives_handles_lets_one_click_go_on(dashboard: Page) -> None:
    held = hold(dashboard, LAST_PART)
    dashboard.evaluate(PICKED, SIZE)
    dashboard.get_by_role("button", name="Choose files").click()
    reload(dashboard, held)
    puts = watch_puts(dashboard)
    row_waiting(dashboard).get_by_role("button", name="Resume", exact=True).click()
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert parts_in(puts) == ["7"]
    assert len(bytes_of("film.mov")) == SIZE


def test_an_unfinished_upload_can_be_cancelled(
    dashboard: Page, film: Path, alice: User, run_tasks: RunTasks
) -> None:
    break_off(dashboard, film)
    row_waiting(dashboard).get_by_role("button", name="Cancel").click()
    expect(row_waiting(dashboard)).to_have_count(0)
    until(dashboard, lambda: Upload.objects.get().state == Upload.State.CANCELLED)
    wait_for_an_empty_quota(dashboard, alice, run_tasks)


def test_what_another_tab_is_sending_is_not_unfinished(dashboard: Page, film: Path) -> None:
    hold(dashboard, LAST_PART)
    choose(dashboard, film)
    expect(row_of(dashboard, "film.mov")).to_contain_text("31.5 of 34.6 MB")
    other = dashboard.context.new_page()
    with other.expect_response(re.compile(r"/api/v1/uploads/(\?|$)")):
        other.goto("/")
    expect(other.locator("#uploads")).to_be_hidden()
    expect(row_waiting(other)).to_have_count(0)


def test_another_tab_that_is_busy_may_say_late_what_it_is_sending(dashboard: Page, film: Path) -> None:
    dashboard.add_init_script(BUSY)
    dashboard.reload()
    hold(dashboard, LAST_PART)
    choose(dashboard, film)
    expect(row_of(dashboard, "film.mov")).to_contain_text("31.5 of 34.6 MB")
    other = dashboard.context.new_page()
    other.goto("/")
    expect(row_waiting(other)).to_have_count(1)
    expect(row_waiting(other)).to_have_count(0)


def test_what_goes_on_in_one_tab_leaves_the_list_of_another(dashboard: Page, film: Path) -> None:
    break_off(dashboard, film)
    expect(row_waiting(dashboard)).to_have_count(1)
    other = dashboard.context.new_page()
    listen_for_choosers(other)
    other.goto("/")
    expect(row_waiting(other)).to_have_count(1)
    hold(other, LAST_PART)
    choose(other, film)
    expect(row_waiting(dashboard)).to_have_count(0)
