"""Without JavaScript: sign in, send a file by a plain form, make a link, and a stranger has the same bytes."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from tests.accounts.conftest import with_password
from tests.e2e.conftest import TIMEOUT_MS, MakeFile
from tests.factories import let_forms_expire
from tests.people import PASSWORD

NAME = "résumé 日本語.bin"


@pytest.fixture
def plain_browser(browser: Browser, site: str, settings: LazySettings) -> Iterator[BrowserContext]:
    """A browser that runs no script, of nobody in particular."""
    settings.SITE_URL = site  # the bucket redirects to it, and a link begins with it
    context = browser.new_context(base_url=site, java_script_enabled=False, accept_downloads=True)
    context.set_default_timeout(TIMEOUT_MS)
    yield context
    context.close()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def sign_in(page: Page, user: User) -> None:
    page.goto("/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def send(page: Page, path: Path) -> None:
    page.get_by_label("File name").fill(path.name)
    press(page, "Continue")
    page.get_by_label(re.compile("^File")).set_input_files(path)
    press(page, "Upload")
    expect(page.get_by_role("heading", name="Your file has arrived")).to_be_visible()
    assert not File.objects.ready().exists()
    press(page, "Finish")
    expect(page.get_by_text("Uploaded “")).to_be_visible()


def fetch(stranger: Page, link: str, folder: Path) -> bytes:
    stranger.goto(link)
    with stranger.expect_download() as started:
        stranger.get_by_role("button", name=re.compile("Download")).click()
    assert started.value.suggested_filename == NAME
    started.value.save_as(folder / "fetched")
    return (folder / "fetched").read_bytes()


def test_the_main_job_needs_no_script(
    browser: Browser, plain_browser: BrowserContext, alice: User, make_file: MakeFile, tmp_path: Path
) -> None:
    body = os.urandom(300_000)
    page = plain_browser.new_page()
    sign_in(page, with_password(alice))
    send(page, make_file(NAME, body))
    page.locator("[name=expiry][value=day]").check()
    press(page, "Create link")
    link = page.get_by_label("Share this link").input_value()
    assert urlsplit(link).path.startswith("/s/")
    stranger = browser.new_context(java_script_enabled=False).new_page()
    assert fetch(stranger, link, tmp_path) == body
    assert stranger.context.cookies() == []
    stranger.context.close()
    let_forms_expire()
    alice.refresh_from_db()
    assert alice.used_bytes == len(body)


def test_what_was_sent_can_be_taken_back(
    plain_browser: BrowserContext, alice: User, make_file: MakeFile
) -> None:
    page = plain_browser.new_page()
    sign_in(page, with_password(alice))
    send(page, make_file(NAME, b"hello"))
    press(page, "Create link")
    page.get_by_text("Revoke this link…").click()
    press(page, "Revoke link")
    expect(page.locator(".stamp")).to_have_text("Revoked")
    page.get_by_role("link", name=NAME).first.click()
    page.get_by_text("Delete this file…").click()
    press(page, "Delete file")
    expect(page.get_by_text("Its links have stopped working")).to_be_visible()


def test_an_upload_that_was_begun_can_be_cancelled(plain_browser: BrowserContext, alice: User) -> None:
    page = plain_browser.new_page()
    sign_in(page, with_password(alice))
    page.get_by_label("File name").fill(NAME)
    press(page, "Continue")
    press(page, "Cancel upload")
    expect(page.get_by_text("Cancelled the upload")).to_be_visible()
    assert Upload.objects.get().state == Upload.State.CANCELLED
