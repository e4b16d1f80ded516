"""The file at hand is not, or no longer, the one that was begun: that is noticed, named, and has a way out."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sharing.files.models import File, Upload
from sharing.storage.plan import UploadPlan
from tests.e2e.conftest import MakeFile, NewContext, listen_for_choosers
from tests.e2e.interception import hold
from tests.e2e.upload_page import (
    MIB,
    bytes_of,
    choose,
    expect_state,
    parts_in,
    really_drop,
    row_of,
    until,
    watch_puts,
)

FORM = "*/waybill"
STARTS = "*/api/v1/uploads/"
SIZE = 33 * MIB
CHANGED = "The file changed while it was uploading"
# A fifth part, so that of the four that are stored two are no ends.
LONG = 65 * MIB


def last_part(size: int) -> str:
    return f"*/files/*partNumber={UploadPlan.of(size).part_count}&*"


def row_waiting(page: Page) -> Locator:
    return page.locator("[data-part=unfinished-list] > li")


def reload(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.locator("file-drop:defined").wait_for()


def break_off(page: Page, path: Path) -> None:
    """Send all parts of this file but the last, and reload the page."""
    size = path.stat().st_size
    held = hold(page, last_part(size))
    choose(page, path)
    stored = UploadPlan.of(size).part_count - 1
    until(page, lambda: [len(upload.stored_parts()) for upload in Upload.objects.all()] == [stored])
    reload(page)
    # Not before: what is held would go on.
    held.end()


def break_off_small(page: Page, path: Path) -> None:
    """Announce this small file, send nothing of it, and reload the page."""
    held = hold(page, FORM)
    with page.expect_request(FORM.replace("*", "**", 1)):
        choose(page, path)
    reload(page)
    held.end()
    expect(row_waiting(page)).to_have_count(1)


def alter(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(1300))


@pytest.fixture
def film(make_file: MakeFile) -> Path:
    return make_file("film.mov", os.urandom(SIZE))


@pytest.fixture
def notes(make_file: MakeFile) -> Path:
    """Large enough not to be kept in the page's memory."""
    return make_file("notes.txt", os.urandom(300_000))


# Unfinished, and changed since


def test_a_small_file_that_changed_is_begun_afresh_without_a_word(dashboard: Page, notes: Path) -> None:
    break_off_small(dashboard, notes)
    alter(notes, 1000)
    choose(dashboard, notes)
    row = row_of(dashboard, "notes.txt")
    expect_state(row, "ready")
    expect(row).to_contain_text("Uploaded, every byte verified")
    expect(row_waiting(dashboard)).to_have_count(0)
    assert bytes_of("notes.txt") == notes.read_bytes()
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["cancelled", "complete"]


def test_a_small_file_that_did_not_change_goes_on_as_what_it_was(dashboard: Page, notes: Path) -> None:
    break_off_small(dashboard, notes)
    choose(dashboard, notes)
    expect_state(row_of(dashboard, "notes.txt"), "ready")
    assert Upload.objects.count() == 1


def test_a_small_file_that_has_grown_is_begun_afresh_where_its_folder_is_dropped_again(
    dashboard: Page, tmp_path: Path
) -> None:
    notes = tmp_path / "work" / "notes.txt"
    notes.parent.mkdir()
    notes.write_bytes(os.urandom(300_000))
    held = hold(dashboard, FORM)
    with dashboard.expect_request(FORM.replace("*", "**", 1)):
        really_drop(dashboard, notes.parent)
    reload(dashboard)
    held.end()
    expect(row_waiting(dashboard)).to_have_count(1)
    alter(notes, 299_500)
    really_drop(dashboard, notes.parent)
    expect_state(row_of(dashboard, "notes.txt"), "ready")
    expect(row_waiting(dashboard)).to_have_count(0)
    assert bytes_of("notes.txt") == notes.read_bytes()
    until(
        dashboard,
        lambda: sorted(Upload.objects.values_list("state", flat=True)) == ["cancelled", "complete"],
    )


def test_a_small_file_that_has_grown_is_begun_afresh_where_it_is_chosen_without_its_folder(
    dashboard: Page, notes: Path
) -> None:
    os.utime(notes, (1_700_000_000, 1_700_000_000))
    break_off_small(dashboard, notes)
    grow(notes)
    choose(dashboard, notes)
    expect_state(row_of(dashboard, "notes.txt").first, "ready")
    expect(row_waiting(dashboard)).to_have_count(0)
    assert bytes_of("notes.txt") == notes.read_bytes()
    until(
        dashboard,
        lambda: sorted(Upload.objects.values_list("state", flat=True)) == ["cancelled", "complete"],
    )


def test_one_that_was_begun_afresh_stays_in_the_list_where_the_site_did_not_cancel_it(
    dashboard: Page, tmp_path: Path
) -> None:
    """It holds quota."""
    notes = tmp_path / "work" / "notes.txt"
    notes.parent.mkdir()
    notes.write_bytes(os.urandom(300_000))
    held = hold(dashboard, FORM)
    with dashboard.expect_request(FORM.replace("*", "**", 1)):
        really_drop(dashboard, notes.parent)
    reload(dashboard)
    held.end()
    expect(row_waiting(dashboard)).to_have_count(1)
    dashboard.route(
        "**/api/v1/uploads/*/",
        lambda route: (
            route.fulfill(status=503, body="{}") if route.request.method == "DELETE" else route.continue_()
        ),
    )
    alter(notes, 299_500)
    really_drop(dashboard, notes.parent)
    expect_state(row_of(dashboard, "notes.txt").first, "ready")
    expect(row_waiting(dashboard)).to_contain_text("Not cancelled yet.")


@pytest.mark.parametrize("grows", [False, True])
def test_it_is_begun_afresh_in_another_browser_and_by_its_row(
    dashboard: Page, notes: Path, new_alice_context: NewContext, *, grows: bool
) -> None:
    break_off_small(dashboard, notes)
    alter(notes, 299_500 if grows else 1000)
    elsewhere = new_alice_context().new_page()
    listen_for_choosers(elsewhere)
    elsewhere.goto("/")
    with elsewhere.expect_file_chooser() as chooser:
        row_waiting(elsewhere).get_by_role("button", name="Choose file to resume").click()
    chooser.value.set_files(notes)
    if grows:
        expect(row_waiting(elsewhere)).to_contain_text("That file has a different size.")
        row_waiting(elsewhere).get_by_role("button", name="Send as a new file").click()
    expect_state(row_of(elsewhere, "notes.txt").first, "ready")
    expect(row_waiting(elsewhere)).to_have_count(0)
    assert bytes_of("notes.txt") == notes.read_bytes()


@pytest.mark.parametrize("at", [10, SIZE - 1300], ids=["what is there", "what is missing"])
def test_a_large_file_that_changed_is_refused_and_can_be_sent_as_a_new_one(
    dashboard: Page, film: Path, at: int
) -> None:
    break_off(dashboard, film)
    alter(film, at)
    choose(dashboard, film)
    waiting = row_waiting(dashboard)
    expect(waiting.get_by_role("alert")).to_contain_text(
        "This is not the file that this upload was started with"
    )
    waiting.get_by_role("button", name="Send as a new file").click()
    expect_state(row_of(dashboard, "film.mov").first, "ready")
    assert bytes_of("film.mov") == film.read_bytes()
    expect(waiting).to_have_count(1)
    expect(waiting.get_by_role("alert")).to_be_hidden()
    expect(waiting.get_by_role("button", name="Send as a new file")).to_be_hidden()


def test_a_resumed_upload_compares_its_middle_parts_too(dashboard: Page, make_file: MakeFile) -> None:
    """Otherwise two files were mixed, and the digests of the parts would be those of the mixture."""
    film = make_file("film.mov", os.urandom(LONG))
    break_off(dashboard, film)
    date = film.stat().st_mtime_ns
    alter(film, LONG * 3 // 8)
    os.utime(film, ns=(date, date))
    choose(dashboard, film)
    expect(row_waiting(dashboard).get_by_role("alert")).to_contain_text(
        "This is not the file that this upload was started with"
    )
    assert not File.objects.ready().exists()


def test_without_digests_another_date_tells_that_it_is_another_file(dashboard: Page, film: Path) -> None:
    dashboard.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined });")
    dashboard.reload()
    break_off(dashboard, film)
    os.utime(film, (1_700_000_000, 1_700_000_000))
    alter_keeping_date(film)
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov").first, "ready")
    assert bytes_of("film.mov") == film.read_bytes()
    assert Upload.objects.count() == 2


def alter_keeping_date(path: Path) -> None:
    date = path.stat().st_mtime_ns
    alter(path, 10)
    os.utime(path, ns=(date, date))


# Changed while it is being sent


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"one line more\n")


def cut_off(path: Path) -> None:
    os.truncate(path, 1000)


def replace(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(os.urandom(path.stat().st_size))
    os.utime(other, (1_600_000_000, 1_600_000_000))
    other.replace(path)


CHANGES = pytest.mark.parametrize(
    "change", [grow, cut_off, replace, Path.unlink], ids=lambda act: act.__name__
)


@CHANGES
def test_a_large_file_that_changes_while_it_is_sent_is_named(
    dashboard: Page, film: Path, change: Callable[[Path], None]
) -> None:
    held = hold(dashboard, last_part(SIZE))
    choose(dashboard, film)
    stored = UploadPlan.of(SIZE).part_count - 1
    until(dashboard, lambda: [len(upload.stored_parts()) for upload in Upload.objects.all()] == [stored])
    change(film)
    held.end()
    expect(row_waiting(dashboard)).to_contain_text(CHANGED)
    expect(row_waiting(dashboard)).to_contain_text("31.5 of 34.6 MB uploaded")
    film.write_bytes(os.urandom(2 * MIB))
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert bytes_of("film.mov") == film.read_bytes()
    expect(row_waiting(dashboard)).to_have_count(0)


@CHANGES
def test_a_file_that_changes_before_it_is_hashed_is_named(
    dashboard: Page, film: Path, change: Callable[[Path], None]
) -> None:
    """A stream that breaks off is "network error" to the browser, which is not what it is."""
    held = hold(dashboard, STARTS)
    with dashboard.expect_request("**/api/v1/uploads/"):
        choose(dashboard, film)
    change(film)
    held.end()
    row = row_of(dashboard, "film.mov")
    expect_state(row, "failed")
    expect(row).to_contain_text(CHANGED)
    expect(row.get_by_role("button", name="Retry")).to_be_hidden()


@CHANGES
def test_a_small_file_that_changes_while_it_is_sent_is_named(
    dashboard: Page, notes: Path, change: Callable[[Path], None]
) -> None:
    held = hold(dashboard, FORM)
    with dashboard.expect_request("**/waybill"):
        choose(dashboard, notes)
    change(notes)
    held.end()
    row = row_of(dashboard, "notes.txt")
    expect_state(row, "failed")
    expect(row).to_contain_text(CHANGED)


def test_one_that_is_the_same_again_goes_on(dashboard: Page, film: Path) -> None:
    """As a drive that was away for a while: what has arrived is not lost."""
    away = film.with_suffix(".away")
    held = hold(dashboard, last_part(SIZE))
    choose(dashboard, film)
    stored = UploadPlan.of(SIZE).part_count - 1
    until(dashboard, lambda: [len(upload.stored_parts()) for upload in Upload.objects.all()] == [stored])
    film.rename(away)
    held.end()
    expect(row_waiting(dashboard)).to_contain_text(CHANGED)
    away.rename(film)
    puts = watch_puts(dashboard)
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert parts_in(puts) == [str(UploadPlan.of(SIZE).part_count)]
    assert bytes_of("film.mov") == film.read_bytes()


def test_one_that_is_replaced_without_a_sign_of_it_is_not_mixed_with_the_old_one(
    dashboard: Page, film: Path
) -> None:
    """As Firefox reads on in the file that took its place: what has arrived is of another one by then."""
    held = hold(dashboard, last_part(SIZE))
    choose(dashboard, film)
    stored = UploadPlan.of(SIZE).part_count - 1
    until(dashboard, lambda: [len(upload.stored_parts()) for upload in Upload.objects.all()] == [stored])
    alter_keeping_date(film)
    held.end()
    row = row_of(dashboard, "film.mov")
    expect_state(row, "failed")
    expect(row).to_contain_text(CHANGED)
    assert not File.objects.ready().exists()
    until(dashboard, lambda: Upload.objects.get().state == Upload.State.CANCELLED)


def test_one_that_changes_and_keeps_its_date_is_begun_afresh(dashboard: Page, film: Path) -> None:
    """The browser does not see it; the bucket does, since the digest is another."""
    held = hold(dashboard, last_part(SIZE))
    choose(dashboard, film)
    stored = UploadPlan.of(SIZE).part_count - 1
    until(dashboard, lambda: [len(upload.stored_parts()) for upload in Upload.objects.all()] == [stored])
    date = film.stat().st_mtime_ns
    alter(film, SIZE - 1300)
    os.utime(film, ns=(date, date))
    held.end()
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert bytes_of("film.mov") == film.read_bytes()
