"""The page of a link whose files are still on their way shows how far they are, and offers them when they are there."""

import re

from playwright.sync_api import Browser, Page, expect

from sharing.accounts.models import User
from sharing.files.models import Upload
from sharing.links.models import Link
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.e2e.conftest import TIMEOUT_MS
from tests.factories import link_to, send_parts, sent_file, started_upload

BODY = b"a" * DEFAULT_PART_SIZE + b"b" * DEFAULT_PART_SIZE


def test_a_visitor_watches_the_files_arrive(alice: User, page: Page) -> None:
    upload = started_upload(alice, len(BODY))
    link = link_to(upload.file)
    send_parts(upload, BODY, only={1, 2, 3})
    page.goto(f"/s/{link.token}/")
    expect(page.get_by_text("15.7 of 33.6 MB")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "0.46875")
    assert Link.objects.get().view_count == 1
    send_parts(upload, BODY, only={4, 5, 6, 7})
    expect(page.get_by_text("33.6 of 33.6 MB")).to_be_visible()
    Upload.objects.get(pk=upload.pk).complete()
    expect(page.get_by_role("button", name="Download")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert not page.context.cookies()


def test_who_looks_at_a_file_meanwhile_is_not_disturbed(alice: User, site: str, browser: Browser) -> None:
    link = link_to(started_upload(alice, len(BODY)).file, sent_file(alice, b"hello"))
    context = browser.new_context(base_url=site)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.clock.install()
    page.goto(f"/s/{link.token}/")
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("region", name="hello.txt")).to_have_text("hello")
    link.revoke(by=alice)
    for _ in range(2):
        with page.expect_response(re.compile("/progress/")):
            page.clock.fast_forward("01:00")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.clock.fast_forward("01:00")
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    context.close()


def test_a_link_that_is_revoked_meanwhile_says_so(alice: User, page: Page) -> None:
    link = link_to(started_upload(alice, len(BODY)).file)
    page.goto(f"/s/{link.token}/")
    expect(page.get_by_text("0.00 of 33.6 MB")).to_be_visible()
    link.revoke(by=alice)
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()


def test_without_script_the_page_can_be_looked_at_again(alice: User, site: str, browser: Browser) -> None:
    upload = started_upload(alice, len(BODY))
    link = link_to(upload.file)
    context = browser.new_context(base_url=site, java_script_enabled=False)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto(f"/s/{link.token}/")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    send_parts(upload, BODY)
    Upload.objects.get(pk=upload.pk).complete()
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_role("button", name="Download")).to_be_visible()
    context.close()
