"""An owner downloads what is theirs as one archive, by one press."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Download, Page, Route, expect

from sharing.accounts.models import User
from sharing.links.models import Download as Counted
from tests.e2e.conftest import NewContext
from tests.e2e.upload_page import until
from tests.factories import link_to, sent_file, started_upload
from tests.requests.factories import known_guest, request_of

# Renews the sheet as <live-parts> does once something has happened that the page shows.
RENEW = """async () => {
  document.activeElement?.blur();
  const { morph } = await import("/static/js/views/morph.js");
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  morph(document.querySelector("#sheet"), page.querySelector("#sheet"));
}"""


@pytest.fixture
def own_page(new_alice_context: NewContext) -> Page:
    """A browser that may download: alice is signed in."""
    context: BrowserContext = new_alice_context(accept_downloads=True)
    return context.new_page()


def press(page: Page, name: str | re.Pattern[str]) -> Download:
    with page.expect_download() as expected:
        page.get_by_role("button", name=name).click()
    return expected.value


def contents(download: Download, folder: Path) -> dict[str, bytes]:
    download.save_as(folder / "own.zip")
    with zipfile.ZipFile(folder / "own.zip") as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_ticked_on_the_dashboard(own_page: Page, alice: User, tmp_path: Path) -> None:
    sent_file(alice, b"one", name="one.txt", path="notes")
    sent_file(alice, b"two", name="two.txt", path="notes/may")
    sent_file(alice, b"three", name="three.txt")
    sent_file(alice, b"four", name="four.txt")
    own_page.goto("/")
    own_page.get_by_label("Select folder notes").check()
    own_page.get_by_label("Select three.txt").check()
    download = press(own_page, "Download (2)")
    assert contents(download, tmp_path) == {
        "notes/one.txt": b"one",
        "notes/may/two.txt": b"two",
        "three.txt": b"three",
    }
    expect(own_page.get_by_text("All 3 files are in the archive.")).to_be_visible()


def test_a_link_s_contents_with_one_that_is_still_arriving(
    own_page: Page, alice: User, tmp_path: Path
) -> None:
    link = link_to(
        sent_file(alice, b"one", name="one.txt"),
        started_upload(alice, 20_000_000).file,
        download_limit=1,
        title="May",
    )
    own_page.goto(link.get_absolute_url())
    download = press(own_page, "Download all")
    assert download.suggested_filename == "May.zip"
    assert contents(download, tmp_path) == {"one.txt": b"one"}
    expect(own_page.get_by_text("1 file is still uploading and is not in it.")).to_be_visible()
    assert not Counted.objects.exists()


def test_nothing_ticked_is_told_beside_the_button(own_page: Page, alice: User) -> None:
    sent_file(alice)
    own_page.goto("/")
    own_page.get_by_role("button", name="Download", exact=True).click()
    expect(own_page.get_by_text("Select files first.")).to_be_visible()
    expect(own_page.get_by_role("button", name="Download", exact=True)).to_be_enabled()


def test_all_that_a_request_has_brought(own_page: Page, alice: User, tmp_path: Path) -> None:
    file_request = request_of(alice, title="Scans")
    files = [sent_file(alice, name.encode(), name=f"{name}.txt") for name in ("ann", "ben")]
    for file in files:
        known_guest(file_request, file.name.removesuffix(".txt")).deliveries.create(upload=file.upload)
    own_page.goto(file_request.get_absolute_url())
    download = press(own_page, "Download all 2 files")
    assert contents(download, tmp_path) == {"ann/ann.txt": b"ann", "ben/ben.txt": b"ben"}


def test_a_page_that_renews_itself_keeps_the_button_and_what_is_being_packed(
    own_page: Page, alice: User, tmp_path: Path
) -> None:
    link = link_to(sent_file(alice, b"one", name="one.txt"), sent_file(alice, b"two", name="two.txt"))
    own_page.goto(link.get_absolute_url())
    own_page.locator("own-archive:defined").wait_for()
    own_page.evaluate(RENEW)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    own_page.context.route("**/files/**", hold)
    download = press(own_page, "Download all")
    until(own_page, lambda: len(held) == 2)
    own_page.mouse.move(0, 0)
    own_page.evaluate(RENEW)
    expect(own_page.get_by_role("button", name="Cancel")).to_be_visible()
    for route in held:
        route.continue_()
    assert contents(download, tmp_path) == {"one.txt": b"one", "two.txt": b"two"}
    expect(own_page.get_by_text("All 2 files are in the archive.")).to_be_visible()
