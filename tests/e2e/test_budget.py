"""The cost of a page over the wire, as the product serves it: combined, compressed, hashed, from nobody else."""

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sharing.listing import ROWS
from tests.e2e.conftest import TIMEOUT_MS
from tests.e2e.upload_page import MIB, batch_of, choose, expect_state, row_of
from tests.people import PASSWORD
from tests.runtime.instance import Instance, running

LANDING_BYTES, DASHBOARD_BYTES = 40_000, 120_000
MOST_REQUESTS = 25

MAKE_LINKS = """() => Promise.all([...document.querySelectorAll("#files .name")].map(async ({ pathname }) => {
  const headers = {
    "Content-Type": "application/json",
    "X-CSRFToken": document.querySelector("file-drop").dataset.csrfToken,
  };
  const body = JSON.stringify({ files: [pathname.split("/")[2]] });
  return (await fetch("/api/v1/links/", { method: "POST", headers, body })).status;
}))"""


class Wire:
    """Requests of a page that is visited first, and their bytes, as the browser's network counts them: with headers."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        self.addresses: list[str] = []
        self._begun: set[str] = set()
        self.origins: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.requestWillBeSent", self._note)
        session.on("Network.loadingFinished", self._finish)

    def _note(self, event: dict[str, Any]) -> None:
        self._begun.add(event["requestId"])
        self.addresses.append(event["request"]["url"])
        parts = urlsplit(event["request"]["url"])
        self.origins.add(f"{parts.scheme}://{parts.netloc}")

    def _finish(self, event: dict[str, Any]) -> None:
        if (
            event["requestId"] in self._begun
        ):  # and not the end of something that the page before had asked for
            self.count += int(event["encodedDataLength"])


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with running(Instance(tmp_path_factory.mktemp("home"))) as instance:
        yield instance


@pytest.fixture(scope="module")
def olga(browser: Browser, product: Instance) -> Iterator[BrowserContext]:
    """The browser of the one who set the product up."""
    context = browser.new_context(base_url=f"http://localhost:{product.port}")
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto(product.wait_for_line(r"/setup/").strip())
    page.get_by_label("Email address").fill("olga@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.locator("file-drop:defined").wait_for()
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(olga: BrowserContext) -> Iterator[Page]:
    """A page that must not complain: neither of its scripts nor of what its policy refuses."""
    complaints: list[str] = []
    page = olga.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def origin_of(page: Page) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(page.url))


def send(page: Page, path: Path) -> str:
    """Upload it and return its link."""
    choose(page, path)
    row = row_of(page, path.name)
    expect_state(row, "ready")
    row.get_by_role("button", name="Copy link").click()
    expect(row.locator("[data-part=address]")).to_have_value(re.compile("/s/"))
    return row.locator("[data-part=address]").input_value()


@pytest.mark.slow
def test_a_large_file_arrives_with_every_byte_checked(page: Page, tmp_path: Path) -> None:
    """The worker that hashes is found by its hashed name."""
    (tmp_path / "film.mov").write_bytes(os.urandom(17 * MIB))
    page.goto("/")
    send(page, tmp_path / "film.mov")
    expect(row_of(page, "film.mov")).to_contain_text("every byte verified")


def fill(page: Page, folder: Path) -> None:
    """A full page of files and one of links, before the eyes of the page's own user."""
    page.goto("/")
    page.locator("file-drop:defined").wait_for()
    paths = [folder / f"quarterly report number {number}.pdf" for number in range(ROWS)]
    for path in paths:
        path.write_bytes(b"hello")
    choose(page, *paths)
    expect(page.locator(".upload-batch[data-state=ready]")).to_have_count(1)
    page.reload()
    made = page.evaluate(MAKE_LINKS)
    assert set(made) == {201}


def test_a_full_dashboard_is_light(page: Page, tmp_path: Path) -> None:
    fill(page, tmp_path)
    wire = Wire(page)
    page.goto("/", wait_until="networkidle")
    page.locator("file-drop:defined").wait_for()
    expect(page.locator("#links tbody tr")).to_have_count(ROWS)
    assert wire.origins == {origin_of(page)}
    assert 0 < wire.count <= DASHBOARD_BYTES
    assert 1 < len(wire.addresses) <= MOST_REQUESTS, wire.addresses


def test_the_landing_page_is_lighter_still(page: Page, tmp_path: Path) -> None:
    (tmp_path / "few.txt").write_bytes(b"hello")
    page.goto("/")
    link = send(page, tmp_path / "few.txt")
    wire = Wire(page)
    page.goto(link, wait_until="networkidle")
    expect(page.get_by_role("button", name=re.compile("Download"))).to_be_visible()
    assert wire.origins == {origin_of(page)}
    assert 0 < wire.count <= LANDING_BYTES
    assert 1 < len(wire.addresses) <= MOST_REQUESTS, wire.addresses


def test_a_landing_page_of_several_files_is_as_light(page: Page, tmp_path: Path) -> None:
    (tmp_path / "album").mkdir()
    for name in ("one.txt", "two.txt"):
        (tmp_path / "album" / name).write_bytes(name.encode())
    page.goto("/")
    choose(page, *sorted((tmp_path / "album").iterdir()))
    expect(page.locator(".upload-batch[data-state=ready]")).to_have_count(1)
    batch_of(page).get_by_role("button", name="Copy link").click()
    address = batch_of(page).locator("[data-part=address]")
    expect(address).to_have_value(re.compile("/s/"))
    wire = Wire(page)
    page.goto(address.input_value(), wait_until="networkidle")
    expect(page.get_by_role("button", name=re.compile("Download all"))).to_be_visible()
    assert 0 < wire.count <= LANDING_BYTES
    assert 1 < len(wire.addresses) <= MOST_REQUESTS, wire.addresses
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Download all")).click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert sorted(archive.namelist()) == ["one.txt", "two.txt"]


def test_the_modules_that_are_loaded_when_needed_are_found(page: Page, tmp_path: Path) -> None:
    """Their names are hashed as well: those of a link's options, and of the comparison with what arrived before."""
    (tmp_path / "twice.bin").write_bytes(os.urandom(17 * MIB))
    page.goto("/")
    send(page, tmp_path / "twice.bin")
    row_of(page, "twice.bin").get_by_role("button", name="Link options").click()
    expect(page.get_by_label("Title (optional)")).to_be_focused()
    page.goto("/")
    choose(page, tmp_path / "twice.bin")
    expect(row_of(page, "twice.bin")).to_contain_text("Uploaded before")


def test_the_oldest_browser_shows_page_after_page(old_browser: Browser, product: Instance) -> None:
    """The second time its style sheets come from the browser's memory."""
    context = old_browser.new_context(base_url=f"http://localhost:{product.port}")
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    for _ in range(3):
        page.goto("/accounts/login/")
        assert page.evaluate("getComputedStyle(document.querySelector('main')).display") != "none"
    context.close()


def test_what_has_a_hashed_name_is_kept_for_ever(page: Page) -> None:
    page.goto("/")
    answers = page.evaluate(
        """() => Promise.all([...document.querySelectorAll("link[rel=stylesheet], script[src]")]
             .map((element) => fetch(element.href ?? element.src))
             .map(async (answer) => Object.fromEntries((await answer).headers)))"""
    )
    assert answers
    assert all("immutable" in headers["cache-control"] for headers in answers)
    # Headers for documents or for other sites would weigh as much as six of these files.
    for headers in answers:
        assert not {"cross-origin-opener-policy", "access-control-allow-origin"} & headers.keys()
