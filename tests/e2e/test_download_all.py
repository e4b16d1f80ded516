"""All files of a link in one archive, packed by the browser from a real bucket."""

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Page, Route, expect

from sharing.accounts.models import User
from sharing.links.models import Download as Fetched
from sharing.links.models import Link
from tests.e2e.conftest import PATIENCE_MS
from tests.making import link_to, sent_file

COUNT = 120
GIB = 1024**3
# Each piece with where it lies; the large files' bytes are all zeros and left out, as in a sparse file.
LAID_OUT = """async (files) => {
    const { archive, archiveLength } = await import("/static/js/collector/zip.js");
    const pieces = [];
    let at = 0;
    async function* bytesOf(index) {
        if (files[index].body) yield new TextEncoder().encode(files[index].body);
        else at += files[index].size;
    }
    for await (const piece of archive(files, bytesOf)) {
        pieces.push([at, [...piece]]);
        at += piece.length;
    }
    return { pieces, length: at, promised: archiveLength(files) };
}"""
PASSWORD = "open sesame"
ANYBODY = {"Access-Control-Allow-Origin": "*"}


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def collect(page: Page, link: Link) -> Download:
    page.goto(link.path_by(link.token))
    with page.expect_download() as expected:
        page.get_by_role("button", name="Download all").click()
    return expected.value


def test_every_byte_arrives_under_a_safe_name(page: Page, alice: User, tmp_path: Path) -> None:
    bodies = {f"report {number}.txt": f"{number} ".encode() * number for number in range(1, COUNT)}
    files = [sent_file(alice, body, name=name, path="År/Q1 ünï") for name, body in bodies.items()]
    files += [sent_file(alice, b"one", name="CON.txt"), sent_file(alice, b"two", name='a<b>:"|?*\u202e. ')]
    files += [sent_file(alice, b"three", name="same.txt"), sent_file(alice, b"four", name="SAME.txt")]
    link = link_to(*files, title="Quarter")
    download = collect(page, link)
    assert download.suggested_filename == "Quarter.zip"
    download.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for name, body in bodies.items():
            assert archive.read(f"År/Q1 ünï/{name}") == body
        assert {"_CON.txt", "SAME.txt", "same (2).txt"} <= {*names} or "SAME (2).txt" in names
        assert len(names) == len({name.casefold() for name in names}) == len(files)
    subprocess.run(["unzip", "-tqq", tmp_path / "all.zip"], check=True)
    assert Fetched.objects.filter(link=link).count() == len(files)
    expect(page.get_by_text("are in the archive")).to_be_visible()


def test_a_fetch_that_breaks_is_tried_again(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    link = link_to(sent_file(alice, b"a" * 5000, name="a.txt"), sent_file(alice, b"b" * 5000, name="b.txt"))
    broken: list[str] = []

    def handle(route: Route) -> None:
        if not broken:
            broken.append(route.request.url)
            return route.abort()
        return route.continue_()

    context.route("**/files/**", handle)
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("b.txt") == b"b" * 5000
    assert broken


def test_what_breaks_midway_goes_on_where_it_broke(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    large = b"0123456789abcdef" * 100_000
    link = link_to(sent_file(alice, large, name="large.txt"), sent_file(alice, name="small.txt"))
    ranges: list[str | None] = []

    def handle(route: Route) -> None:
        if route.request.method == "GET" and not ranges:
            ranges.append(None)
            return route.fulfill(body=large[:700_000], headers=ANYBODY)
        ranges.append(route.request.headers.get("range"))
        return route.continue_()

    context.route("**/files/**", handle)
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("large.txt") == large
    assert "bytes=700000-" in ranges


def test_an_archive_that_is_not_whole_says_so(page: Page, context: BrowserContext, alice: User) -> None:
    link = link_to(sent_file(alice, name="a.txt"), sent_file(alice, name="b.txt"))
    context.route("**/files/**", lambda _: None)  # never answered
    download = collect(page, link)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled. The archive is not whole")).to_be_visible()
    assert download.failure()
    context.unroute("**/files/**")
    # More bytes than it has: these are of another file.
    context.route("**/files/**", lambda route: route.fulfill(body="too many", headers=ANYBODY))
    download = collect(page, link)
    expect(page.get_by_text("“a.txt” could not be fetched")).to_be_visible()
    assert download.failure()


def test_a_locked_link_with_a_limit_of_one_gives_all_once(page: Page, alice: User, tmp_path: Path) -> None:
    files = [sent_file(alice, name=name) for name in ("a.txt", "b.txt")]
    link = link_to(*files, download_limit=1, password=PASSWORD)
    page.goto(link.path_by(link.token))
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Password").press("Enter")
    page.get_by_role("button", name="Download all").wait_for()
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("a.txt") == b"hello"
    assert set(link.items.values_list("download_count", flat=True)) == {1}


def test_it_holds_more_than_four_gibibytes(page: Page, tmp_path: Path) -> None:
    modified = "2021-03-04T05:06:08Z"
    sizes = {"år/first.bin": 5 * GIB, "second.bin": 3 * GIB, "last.txt": 4}
    page.goto("/accounts/login/")
    made = page.evaluate(
        LAID_OUT,
        [
            {"path": path, "size": size, "modified": modified, "body": "last" if size == 4 else ""}
            for path, size in sizes.items()
        ],
    )
    with (tmp_path / "large.zip").open("wb") as file:
        for at, piece in made["pieces"]:
            file.seek(at)
            file.write(bytes(piece))
    assert made["length"] == made["promised"] == (tmp_path / "large.zip").stat().st_size
    with zipfile.ZipFile(tmp_path / "large.zip") as archive:
        assert {entry.filename: entry.file_size for entry in archive.infolist()} == sizes
        assert archive.read("last.txt") == b"last"
    listed = subprocess.run(
        ["zipinfo", "-T", tmp_path / "large.zip"], check=True, capture_output=True, text=True
    )
    assert listed.stdout.count("20210304") == len(sizes)
