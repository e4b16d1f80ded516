"""Somebody without an account sends files to who asked for them, with the uploader's full strength."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.requests.models import FileRequest
from tests.browserless import fetch
from tests.e2e.conftest import PATIENCE_MS, MakeFile
from tests.e2e.uploading import MIB, choose, expect_state, row_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(site: str, alice: User) -> FileRequest:
    return FileRequest.objects.make(owner=alice, title="Tax papers", file_limit=2, email_asked="off")


def guest_at(asked: FileRequest, context: BrowserContext, name: str) -> Page:
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(asked.path)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Go on to the files").click()
    page.locator("file-drop:defined").wait_for()
    return page


def test_a_stranger_sends_and_another_sees_nothing_of_it(
    asked: FileRequest, browser: Browser, site: str, alice: User, make_file: MakeFile
) -> None:
    body = bytes(range(256)) * 4096 * 17
    gwen, oscar = (browser.new_context(base_url=site) for _ in range(2))
    page = guest_at(asked, gwen, "Gwen")
    choose(page, make_file("small.txt", b"hello"), make_file("large.bin", body))
    for name in ("small.txt", "large.bin"):
        expect_state(row_of(page, name), "ready")
    page.reload()
    expect(page.get_by_role("region", name="What you sent")).to_contain_text("large.bin")
    assert len(body) > 16 * MIB
    large = File.objects.ready().get(name="large.bin", owner=alice)
    assert fetch(large.presigned_url()).data == body
    assert User.objects.get(pk=alice.pk).used_bytes == len(body) + 5

    other = oscar.new_page()
    other.goto(asked.path)
    expect(other.locator("body")).to_contain_text("All that was asked for is here")
    expect(other.locator("body")).not_to_contain_text("large.bin")
    gwen.close()
    oscar.close()
