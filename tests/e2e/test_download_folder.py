"""A receiver opens a folder of a link and downloads it alone."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sharing.accounts.models import User
from sharing.links.models import Item
from tests.e2e.conftest import TIMEOUT_MS
from tests.factories import link_to, sent_file


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, accept_downloads=True)
    context.set_default_timeout(TIMEOUT_MS)
    yield context.new_page()
    context.close()


def test_one_folder_comes_as_an_archive(page: Page, alice: User, tmp_path: Path) -> None:
    files = [
        sent_file(alice, name.encode(), name=f"{name}.txt", path=path)
        for name, path in (("one", "may"), ("two", "may/first"), ("three", "june"))
    ]
    link = link_to(*files, download_limit=1)
    page.goto(link.path_by(link.token))
    with page.expect_download() as expected:
        page.get_by_role("button", name="Download folder may").click()
    assert expected.value.suggested_filename == "may.zip"
    expected.value.save_as(tmp_path / "may.zip")
    with zipfile.ZipFile(tmp_path / "may.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "may/one.txt": b"one",
            "may/first/two.txt": b"two",
        }
    expect(page.get_by_text("All 2 files are in the archive.")).to_be_visible()
    assert sorted(Item.objects.filter(download_count=1).values_list("file__name", flat=True)) == [
        "one.txt",
        "two.txt",
    ]
