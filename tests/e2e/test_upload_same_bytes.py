"""A file that was sent before is known by its bytes, not by its name, size and date, and nothing else is said."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from sharing.requests.models import FileRequest
from tests.bucket_client import fetch
from tests.e2e.conftest import MakeFile
from tests.e2e.upload_page import MIB, choose, expect_state, row_of, until, watch_puts

pytestmark = pytest.mark.slow

SIZE = 33 * MIB
CHECKED_AGAIN = "Uploaded before, every byte verified again"


def overwrite(path: Path, at: int) -> None:
    """Change 1,300 bytes as what keeps its date does: a container of files, or a tool that restores it."""
    date = path.stat().st_mtime_ns
    with path.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(1300))
    os.utime(path, ns=(date, date))


def latest_bytes() -> bytes:
    file = File.objects.ready().latest("ready_at")
    return fetch(file.presigned_url()).data


@pytest.fixture
def film(make_file: MakeFile) -> Path:
    return make_file("film.mov", os.urandom(SIZE))


@pytest.fixture
def arrived(dashboard: Page, film: Path) -> Page:
    """The dashboard once the film has arrived, loaded anew."""
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    dashboard.reload()
    dashboard.locator("file-drop:defined").wait_for()
    return dashboard


@pytest.mark.parametrize("at", [10, SIZE // 2, SIZE - 1300], ids=["first part", "middle", "last part"])
def test_other_bytes_under_the_same_name_size_and_date_are_sent(arrived: Page, film: Path, at: int) -> None:
    overwrite(film, at)
    choose(arrived, film)
    row = row_of(arrived, "film.mov")
    expect_state(row, "ready")
    expect(row).to_contain_text("Uploaded, every byte verified")
    assert File.objects.ready().count() == 2
    assert latest_bytes() == film.read_bytes()


def test_the_same_bytes_are_not_sent_twice_unless_that_is_wanted(arrived: Page, film: Path) -> None:
    puts = watch_puts(arrived)
    choose(arrived, film)
    row = row_of(arrived, "film.mov")
    expect(row).to_contain_text(CHECKED_AGAIN)
    assert puts == []
    row.get_by_role("button", name="Send anyway").click()
    until(arrived, lambda: File.objects.ready().count() == 2)
    expect(row).to_contain_text("Uploaded, every byte verified")
    expect(row.get_by_role("button", name="Send anyway")).to_be_hidden()
    assert len(puts) == Upload.objects.latest("created_at").plan.part_count


def test_a_small_file_that_is_there_can_be_sent_anyway(dashboard: Page, make_file: MakeFile) -> None:
    notes = make_file("notes.txt", b"hello")
    choose(dashboard, notes)
    expect_state(row_of(dashboard, "notes.txt"), "ready")
    dashboard.reload()
    choose(dashboard, notes)
    row = row_of(dashboard, "notes.txt")
    expect(row).to_contain_text(CHECKED_AGAIN)
    row.get_by_role("button", name="Send anyway").click()
    until(dashboard, lambda: File.objects.ready().count() == 2)


def test_other_bytes_of_a_small_file_are_sent(dashboard: Page, make_file: MakeFile) -> None:
    notes = make_file("notes.txt", os.urandom(2000))
    choose(dashboard, notes)
    expect_state(row_of(dashboard, "notes.txt"), "ready")
    dashboard.reload()
    overwrite(notes, 500)
    choose(dashboard, notes)
    until(dashboard, lambda: File.objects.ready().count() == 2)
    expect(row_of(dashboard, "notes.txt")).to_contain_text("Uploaded, every byte verified")


def test_what_was_put_together_elsewhere_meanwhile_is_compared_before_it_is_called_the_same(
    dashboard: Page, film: Path
) -> None:
    """The upload begun here was unfinished when the page was loaded, and its file is another by now."""
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    Upload.objects.update(state=Upload.State.OPEN)
    dashboard.reload()
    expect(dashboard.locator("[data-part=unfinished-list] > li")).to_have_count(1)
    Upload.objects.update(state=Upload.State.COMPLETE)
    overwrite(film, SIZE // 2)
    choose(dashboard, film)
    until(dashboard, lambda: File.objects.ready().count() == 2)
    assert latest_bytes() == film.read_bytes()


def test_what_was_sent_without_digests_is_sent_again(dashboard: Page, film: Path) -> None:
    """As on plain HTTP: there is nothing to compare it with."""
    dashboard.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined });")
    for times in (1, 2):
        dashboard.reload()
        choose(dashboard, film)
        until(dashboard, lambda times=times: File.objects.ready().count() == times)  # type: ignore[misc]
    expect(row_of(dashboard, "film.mov")).to_contain_text("Uploaded, size verified")


def test_a_guest_sends_other_bytes_of_the_same_name_size_and_date(
    page: Page, site: str, alice: User, film: Path
) -> None:
    asked = FileRequest.objects.make(owner=alice, title="Films", name_asked="off", email_asked="off")
    page.goto(f"{site}{asked.path}")
    if page.get_by_role("button", name="Continue").is_visible():
        page.get_by_role("button", name="Continue").click()
    for times in (1, 2):
        page.locator("file-drop:defined").wait_for()
        choose(page, film)
        until(page, lambda times=times: File.objects.ready().count() == times)  # type: ignore[misc]
        overwrite(film, SIZE // 2)
        page.reload()
    choose(page, film)
    until(page, lambda: File.objects.ready().count() == 3)
    assert latest_bytes() == film.read_bytes()
