"""A whole Waybill whose bucket the browser reaches by a line on which things go wrong."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from sharing.storage.embedded import free_ports
from sharing.storage.plan import UploadPlan
from tests.bucket_client import http
from tests.e2e.conftest import TIMEOUT_MS
from tests.e2e.faults.proxy import FaultProxy
from tests.e2e.upload_page import MIB, row_of
from tests.people import PASSWORD
from tests.runtime.instance import Instance, running

# The last part is short.
FILM_SIZE = 100 * MIB + 4321
PARTS = UploadPlan.of(FILM_SIZE).part_count
NOTES = 12


@pytest.fixture(scope="package")
def ports() -> tuple[int, int]:
    """Those of the site and of its bucket, over all starts."""
    port, bucket_port = free_ports(2)
    return port, bucket_port


@pytest.fixture(scope="package")
def line(ports: tuple[int, int]) -> Iterator[FaultProxy]:
    with FaultProxy(ports[1]) as proxy:
        yield proxy


@pytest.fixture(scope="package")
def instance(
    tmp_path_factory: pytest.TempPathFactory, ports: tuple[int, int], line: FaultProxy
) -> Iterator[Instance]:
    port, bucket_port = ports
    home = tmp_path_factory.mktemp("served") / "home"
    with running(
        Instance(home, port=port, bucket_port=bucket_port, S3_PUBLIC_ENDPOINT_URL=line.url)
    ) as instance:
        yield instance


@pytest.fixture(scope="package")
def signed_in(browser: Browser, instance: Instance) -> Any:
    """Return the state of a browser in which the person who set the instance up is signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(instance.wait_for_line(r"/setup/").strip())
    page.get_by_label("Email address").fill("olga@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.locator("file-drop:defined").wait_for()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(browser: Browser, instance: Instance, signed_in: Any) -> Iterator[Page]:
    """The dashboard, ready to take files."""
    expect.set_options(timeout=2 * TIMEOUT_MS)
    complaints: list[str] = []
    context = browser.new_context(base_url=f"http://localhost:{instance.port}", storage_state=signed_in)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    page.locator("file-drop:defined").wait_for()
    yield page
    context.close()
    assert complaints == []


@pytest.fixture(scope="package")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of several parts."""
    path = tmp_path_factory.mktemp("disk") / "film.mov"
    path.write_bytes(os.urandom(FILM_SIZE))
    return path


@pytest.fixture(scope="package")
def notes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A dozen small files."""
    folder = tmp_path_factory.mktemp("disk")
    paths = [folder / f"note {number}.txt" for number in range(NOTES)]
    for number, path in enumerate(paths):
        path.write_bytes(os.urandom(1000 * number + 1))
    return paths


@pytest.fixture(autouse=True)
def saved_again(film: Path, notes: list[Path]) -> None:
    """Give the files of each test another second, since what arrived before would not be sent again."""
    for path in (film, *notes):
        saved_at = path.stat().st_mtime + 1
        os.utime(path, (saved_at, saved_at))


@pytest.fixture
def expect_whole(instance: Instance, signed_in: Any) -> Callable[[Page, list[Path]], None]:
    """All of these are ready, and what a download gives is what lies on the disk."""
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in signed_in["cookies"])

    def check(page: Page, paths: list[Path]) -> None:
        # Several that were chosen together are one line, which opens to its files.
        if len(paths) > 1:
            toggle = page.locator(".upload-toggle").first
            if toggle.get_attribute("aria-expanded") == "false":
                toggle.click()
        expect(page.locator(".upload-row[data-state=ready]")).to_have_count(len(paths))
        for path in paths:
            address = page_of(row_of(page, path.name))
            download = http.request(
                "GET", f"{instance.url}{address}download/", headers={"Cookie": cookie}, redirect=False
            )
            assert digest_at(download.headers["Location"]) == hashlib.sha256(path.read_bytes()).hexdigest()

    return check


def page_of(row: Locator) -> str:
    address = row.get_by_role("link", name="Details").get_attribute("href")
    assert address
    return address


def digest_at(url: str) -> str:
    digest = hashlib.sha256()
    answer = http.request("GET", url, preload_content=False)
    assert answer.status == 200
    for chunk in answer.stream(MIB):
        digest.update(chunk)
    answer.release_conn()
    return digest.hexdigest()
