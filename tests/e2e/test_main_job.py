"""The main job on the whole product, started as a person starts it; and no byte of a file passes through the app."""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.meters import CountingProxy, memory_of
from tests.e2e.upload_page import send_empty
from tests.programs import is_there
from tests.runtime.instance import Instance, running

pytestmark = pytest.mark.slow
PASSWORD = "correct horse battery staple"
NAMES = ["empty.txt", "few.txt", 'résumé 日本語 "x" \u202egpj.exe', "large.bin"]
LARGE = 100_000_000
MAX_THROUGH_APP = 1_000_000
MAX_GROWTH = 50_000_000


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Instance, CountingProxy]]:
    """The product behind a proxy that counts what the app receives and sends."""
    with CountingProxy() as proxy:
        instance = Instance(tmp_path_factory.mktemp("home"), SITE_URL=proxy.url)
        proxy.target = instance.port
        with running(instance):
            yield instance, proxy


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the files to send: nothing, a few bytes, a name that tries everything, and 100 MB."""
    folder = tmp_path_factory.mktemp("sent")
    bodies = [b"", b"hello", os.urandom(1000), os.urandom(LARGE)]
    for name, body in zip(NAMES, bodies, strict=True):
        (folder / name).write_bytes(body)
    return {name: folder / name for name in NAMES}


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def set_up(page: Page, instance: Instance) -> None:
    address = instance.wait_for_line(r"/setup/").strip()
    page.goto(address)
    page.get_by_label("Email address").fill("olga@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def link_of(row: Locator) -> str:
    row.get_by_role("button", name="Copy link").click()
    address = row.locator("[data-part=address]")
    expect(address).to_have_value(re.compile("/s/"))
    return address.input_value()


def fetched_by_browser(page: Page, folder: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile("Download")).first.click()
    started.value.save_as(folder / "by-browser")
    return folder / "by-browser"


def fetched_by_curl(page: Page, folder: Path) -> Path:
    """By the very line that the page shows."""
    line = page.locator("code", has_text="curl").first.text_content()
    assert line
    (folder / "by-curl").mkdir()
    subprocess.run(["bash", "-c", line], cwd=folder / "by-curl", check=True, capture_output=True)
    (path,) = (path for path in (folder / "by-curl").rglob("*") if path.is_file())
    return path


def test_what_is_sent_is_what_is_fetched_and_no_byte_of_it_passes_through_the_app(
    browser: Browser, product: tuple[Instance, CountingProxy], sent: dict[str, Path], tmp_path: Path
) -> None:
    instance, proxy = product
    page = browser.new_page()
    set_up(page, instance)
    proxy.forget()
    links: list[str] = []
    for number, name in enumerate(NAMES):
        if name == "large.bin":
            # By now every process has loaded what it needs: from here on only the file could make it grow.
            memory = memory_of(instance.family)
        page.locator("file-drop input[type=file]").set_input_files(sent[name])
        if name == "empty.txt":
            send_empty(page)
        row = page.locator(".upload-row").first  # the newest
        expect(row).to_have_attribute("data-state", "ready", timeout=120_000)
        links.append(link_of(row))
        folder = tmp_path / str(number)
        folder.mkdir()
        stranger = browser.new_context(accept_downloads=True)
        landing = stranger.new_page()
        landing.goto(links[-1])
        assert digest(fetched_by_browser(landing, folder)) == digest(sent[name])
        if is_there("curl"):
            assert digest(fetched_by_curl(landing, folder)) == digest(sent[name])
        assert stranger.cookies() == []
        stranger.close()
    assert proxy.count < MAX_THROUGH_APP
    log = "".join(instance.output)
    assert "/s/…/" in log
    assert [link for link in links if link.split("/s/")[1] in log] == [], "a log opens no link"
    assert memory_of(instance.family) - memory < MAX_GROWTH
    page.close()
