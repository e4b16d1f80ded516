"""Somebody without an account sends files to who asked for them, with the uploader's full strength."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.requests.models import FileRequest
from tests.e2e.conftest import TIMEOUT_MS
from tests.e2e.interception import hold
from tests.e2e.upload_page import (
    bytes_of,
    choose,
    expect_state,
    parts_in,
    really_drop,
    row_of,
    until,
    watch_puts,
)

pytestmark = pytest.mark.django_db(transaction=True)
SECOND_PART = "*/files/*partNumber=2*"


@pytest.fixture
def file_request(site: str, alice: User) -> FileRequest:
    return FileRequest.objects.make(owner=alice, title="Tax papers", file_limit=2, email_asked="off")


def guest_at(file_request: FileRequest, context: BrowserContext, name: str) -> Page:
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto(file_request.path)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Continue").click()
    page.locator("file-drop:defined").wait_for()
    return page


def test_a_stranger_sends_a_folder_goes_on_after_a_reload_and_another_sees_nothing_of_it(
    file_request: FileRequest, browser: Browser, site: str, alice: User, tmp_path: Path
) -> None:
    body = bytes(range(256)) * 4096 * 17
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "small.txt").write_bytes(b"hello")
    (folder / "large.bin").write_bytes(body)
    gwen, oscar = (browser.new_context(base_url=site) for _ in range(2))
    page = guest_at(file_request, gwen, "Gwen")
    held = hold(page, SECOND_PART)
    really_drop(page, folder)
    expect_state(row_of(page, "small.txt"), "ready")
    expect(row_of(page, "large.bin")).to_contain_text("12.6 of 17.8 MB")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    held.end()
    expect(page.get_by_role("region", name="Files you sent")).to_contain_text("small.txt")
    puts = watch_puts(page)
    expect(page.locator("[data-part=unfinished-list] > li")).to_contain_text("12.6 of 17.8 MB uploaded")
    really_drop(page, folder)
    expect_state(row_of(page, "large.bin"), "ready")
    assert parts_in(puts) == ["2"]
    assert bytes_of("large.bin") == body
    assert set(File.objects.values_list("owner", "path")) == {(alice.pk, "papers")}
    assert User.objects.get(pk=alice.pk).used_bytes == len(body) + 5

    other = oscar.new_page()
    other.goto(file_request.path)
    expect(other.locator("body")).to_contain_text("Everything that was asked for has been sent")
    expect(other.locator("body")).not_to_contain_text("large.bin")
    gwen.close()
    oscar.close()


def test_a_picture_that_a_stranger_sends_is_seen_in_its_owners_list(
    file_request: FileRequest, browser: Browser, site: str, dashboard: Page, tmp_path: Path
) -> None:
    beach = tmp_path / "beach.png"
    beach.write_bytes(dashboard.screenshot())
    with browser.new_context(base_url=site) as gwen:
        page = guest_at(file_request, gwen, "Gwen")
        choose(page, beach)
        expect_state(row_of(page, "beach.png"), "ready")
        until(page, lambda: File.objects.filter(has_thumbnail=True).exists())
    dashboard.reload()
    expect(dashboard.locator("#files tr", has=dashboard.locator("img"))).to_contain_text("beach.png")
