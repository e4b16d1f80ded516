"""A preview in a browser shows, seeks, and runs nothing."""

import io
import re
import struct
import wave
import zlib

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Dialog, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download
from tests.bucket_client import fetch
from tests.e2e.conftest import NewContext
from tests.factories import link_to, sent_file

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


PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]>>endobj
trailer<</Root 1 0 R>>
"""


def wav(seconds: int) -> bytes:
    """So much silence."""
    body = io.BytesIO()
    with wave.open(body, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 8000 * seconds)
    return body.getvalue()


def claimed(file: File, content_type: str) -> File:
    """As if the uploader had claimed that type."""
    file.content_type = content_type
    file.save(update_fields=["content_type"])
    return file


def page_of(browser: Browser, site: str, *files: File) -> Page:
    page = browser.new_context(base_url=site).new_page()
    link = link_to(*files)
    page.goto(link.path_by(link.token))
    return page


def test_files_are_looked_at_in_place_one_after_the_other(browser: Browser, site: str, alice: User) -> None:
    picture, sound, text, broken = (
        claimed(sent_file(alice, PNG, name="1 red.png"), "image/png"),
        claimed(sent_file(alice, wav(60), name="2 silence.wav"), "audio/wav"),
        claimed(sent_file(alice, ACTIVE, name="3 page.html"), "text/html"),
        claimed(sent_file(alice, b"no film", name="4 film.mp4"), "video/mp4"),
    )
    page = page_of(browser, site, picture, sound, text, broken)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.locator("file-preview:defined").wait_for(state="attached")
    page.get_by_role("link", name="Preview 1 red.png").press("Enter")
    shown = page.get_by_role("dialog", name="1 red.png")
    expect(shown.locator("img")).to_have_js_property("naturalWidth", 3)
    expect(shown.get_by_role("status")).to_have_text("")

    page.keyboard.press("ArrowRight")
    audio = page.get_by_role("dialog", name="2 silence.wav").locator("audio")
    expect(audio).to_have_js_property("duration", 60)
    audio.evaluate("async (audio) => { audio.currentTime = 45; await audio.play(); }")
    with page.expect_request(re.compile("/preview/$")):
        # As when the signature has expired.
        audio.dispatch_event("error")
    expect(audio).to_have_js_property("paused", value=False)
    assert audio.evaluate("(audio) => audio.currentTime") >= 45

    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("region", name="3 page.html")).to_have_text(ACTIVE.decode())
    page.keyboard.press("ArrowRight")
    last = page.get_by_role("dialog", name="4 film.mp4")
    expect(last.get_by_role("status")).to_contain_text("This browser can't show this file")
    page.keyboard.press("ArrowRight")
    expect(last).to_contain_text("7 bytes 4 of 4")
    with page.expect_download() as started:
        last.get_by_role("button", name="Download").click()
    assert started.value.path().read_bytes() == b"no film"
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Preview 4 film.mp4")).to_be_focused()
    assert (complaints, Download.objects.count()) == ([], 1)


def test_the_owner_looks_in_place_and_a_word_says_what_does_not_show(
    new_alice_context: NewContext, alice: User
) -> None:
    file = claimed(sent_file(alice, b"%PDF-1.4", name="plan.pdf"), "application/pdf")
    page = new_alice_context().new_page()
    page.goto(file.get_absolute_url())
    preview = page.get_by_role("link", name="Preview")
    page.add_init_script("Object.defineProperty(navigator, 'pdfViewerEnabled', { value: true })")
    page.reload()
    preview.click()
    expect(page.locator("iframe")).to_have_attribute(
        "src", re.compile(reverse("file_preview", args=[file.pk]))
    )
    expect(page.get_by_role("status")).to_have_text("")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    assert started.value.path().read_bytes() == b"%PDF-1.4"
    page.get_by_role("button", name="Close").click()
    expect(preview).to_be_focused()
    expect(page.locator("iframe")).to_have_count(0)
    file.delete_by(alice)
    preview.click()
    expect(page.get_by_role("status")).to_contain_text("The preview couldn't be loaded")
    assert page.get_by_role("button", name="Next").count() == 0


@pytest.mark.parametrize(
    ("body", "words", "note"),
    [
        ("Grüße, 日本".encode(), "Grüße, 日本", ""),
        ("Grüße".encode("utf-8-sig"), "Grüße", ""),
        ("Grüße, 日本".encode("utf-16"), "Grüße, 日本", ""),
        ("Grüße".encode("utf-16-be"), "Grüße", ""),
        ("Grüße, 日本".encode("utf-32"), "Grüße, 日本", ""),
        ("\ufeffGrüße, 日本".encode("utf-32-be"), "Grüße, 日本", ""),
        ("Grüße für 5 €".encode("cp1252"), "Grüße für 5 €", "This text is not UTF-8"),
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16", "utf-16 without a mark", "utf-32", "utf-32-be", "cp1252"],
)
def test_a_text_is_read_whatever_wrote_it(
    browser: Browser, site: str, alice: User, body: bytes, words: str, note: str
) -> None:
    page = page_of(browser, site, sent_file(alice, body, name="letter.txt"))
    page.locator("file-preview:defined").wait_for(state="attached")
    page.get_by_role("link", name="Preview letter.txt").click()
    expect(page.get_by_role("region", name="letter.txt")).to_have_text(words)
    expect(page.locator("[data-part=note]")).to_contain_text(note)
    assert bool(page.locator("[data-part=note]").inner_text()) == bool(note)


@pytest.mark.parametrize(
    ("body", "name", "words"),
    [
        (b"", "plan.pdf", "This file is empty."),
        (b"", "notes.txt", "This file is empty."),
        (b"\0\0\0\x18ftypheic", "photo.heic", "This browser can't show this file"),
        (b"no sound", "song.m4a", "This browser can't show this file"),
        (bytes(range(256)), "traffic.log", "This browser can't show this file"),
    ],
)
def test_what_cannot_be_previewed_says_so_and_can_be_downloaded(
    browser: Browser, site: str, alice: User, body: bytes, name: str, words: str
) -> None:
    page = page_of(browser, site, claimed(sent_file(alice, body, name=name), "application/octet-stream"))
    page.locator("file-preview:defined").wait_for(state="attached")
    page.get_by_role("link", name=f"Preview {name}").click()
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog.get_by_role("status")).to_contain_text(words)
    with page.expect_download() as started:
        dialog.get_by_role("button", name="Download").click()
    assert started.value.path().read_bytes() == body


def test_escape_closes_a_pdf_whose_viewer_was_clicked(whole_browser: Browser, site: str, alice: User) -> None:
    plan = claimed(sent_file(alice, PDF, name="plan.pdf"), "application/pdf")
    # A PDF alone is shown on the page as well, by another viewer that may take the focus.
    page = page_of(whole_browser, site, plan)
    page.locator("file-preview:defined").wait_for(state="attached")
    page.get_by_role("link", name="Preview plan.pdf").click()
    dialog = page.get_by_role("dialog", name="plan.pdf")
    expect(dialog.get_by_role("status")).to_have_text("")
    expect(dialog.get_by_role("link", name="Open in a tab")).to_be_visible()
    dialog.locator("iframe").click()
    expect(page.locator("[data-part=stage]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("pdf-frame iframe")).to_be_visible()


def test_without_a_script_a_picture_is_shown_by_the_bucket(browser: Browser, site: str, alice: User) -> None:
    page = browser.new_context(base_url=site, java_script_enabled=False).new_page()
    link = link_to(claimed(sent_file(alice, PNG, name="red.png"), "image/png"))
    page.goto(link.path_by(link.token))
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("img")).to_have_js_property("naturalWidth", 3)
    assert not page.url.startswith(site)


@pytest.mark.parametrize("claim", ["image/png", "image/webp", "text/html", "text/xml", "text/javascript"])
def test_nothing_active_runs_whatever_it_claims_to_be(
    browser: Browser, site: str, alice: User, claim: str
) -> None:
    ran: list[str] = []
    file = claimed(sent_file(alice, ACTIVE, name="picture.png"), claim)
    page = page_of(browser, site, file)

    def note(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.goto(str(page.get_by_role("link", name="Preview").get_attribute("href")))
    page.wait_for_url(lambda address: not address.startswith(site))
    page.wait_for_load_state()
    assert (page.title() == "ran", page.locator("script, svg").count(), ran) == (False, 0, [])


def test_a_film_can_be_sought_in(browser: Browser, site: str, alice: User) -> None:
    file = sent_file(alice, bytes(range(256)), name="film.mp4")
    file.content_type = "video/mp4"
    part = fetch(file.preview_url(), Range="bytes=100-103")
    assert (part.status, part.data) == (206, bytes([100, 101, 102, 103]))
    assert part.headers["Content-Type"] == "video/mp4"
