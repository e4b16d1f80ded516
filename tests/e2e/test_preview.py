"""What a browser makes of a preview: it shows, seeks, and runs nothing."""

import struct
import zlib

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File
from tests.browserless import fetch
from tests.making import link_to, sent_file

ACTIVE = b"<!doctype html><title>ran</title><svg onload='alert(2)'></svg><script>alert(1)</script>"


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG (RFC 2083 section 3.2)."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(2 * (b"\0" + b"\xff\x40\x20" * 3)))
    + chunk(b"IEND", b"")
)


def page_of(browser: Browser, site: str, file: File, content_type: str) -> Page:
    file.content_type = content_type
    file.save(update_fields=["content_type"])
    page = browser.new_context().new_page()
    link = link_to(file)
    page.goto(f"{site}{link.path_by(link.token)}")
    return page


def test_a_picture_is_shown_from_the_bucket(browser: Browser, site: str, alice: User) -> None:
    page = page_of(browser, site, sent_file(alice, PNG, name="red.png"), "image/png")
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("img")).to_have_js_property("naturalWidth", 3)
    assert not page.url.startswith(site)


@pytest.mark.parametrize("claim", ["image/png", "image/webp", "text/html", "text/xml", "text/javascript"])
def test_nothing_active_runs_whatever_it_claims_to_be(
    browser: Browser, site: str, alice: User, claim: str
) -> None:
    ran: list[str] = []
    page = page_of(browser, site, sent_file(alice, ACTIVE, name="picture.png"), claim)

    def note(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.get_by_role("link", name="Preview").click()
    page.wait_for_url(lambda address: not address.startswith(site))
    page.wait_for_load_state()
    assert (page.title() == "ran", page.locator("script, svg").count(), ran) == (False, 0, [])


def test_a_film_can_be_sought_in(browser: Browser, site: str, alice: User) -> None:
    file = sent_file(alice, bytes(range(256)), name="film.mp4")
    file.content_type = "video/mp4"
    part = fetch(file.preview_url(), Range="bytes=100-103")
    assert (part.status, part.data) == (206, bytes([100, 101, 102, 103]))
    assert part.headers["Content-Type"] == "video/mp4"
