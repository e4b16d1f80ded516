"""Everything works and looks right in browsers as old as README says, tried in Chromium 103.

Playwright cannot tell whether something is visible there: clicks are forced, and what is seen is measured by the page.
"""

import re
import zipfile
from pathlib import Path
from typing import Literal

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Browser, Page, expect

from sharing.accounts.models import User
from sharing.links.models import Link
from sharing.requests.models import FileRequest
from tests.e2e.conftest import MakeFile, sign_in
from tests.e2e.upload_page import bytes_of, choose
from tests.factories import link_to, sent_file
from tests.people import PASSWORD

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOCKED = "open sesame"


@pytest.fixture
def page(old_page: Page) -> Page:
    return old_page


def fill(page: Page, selector: str, text: str) -> None:
    page.locator(selector).focus()
    page.keyboard.type(text)


def press(page: Page, name: str) -> None:
    """Click the button or link with this name."""
    words = r"\s+".join(name.split())  # a line of the template may end between two of them
    page.locator("button, summary, a").filter(has_text=re.compile(rf"^\s*{words}")).first.click(force=True)


def expect_arrived(page: Page) -> None:
    expect(page.locator(".upload-row[data-state=ready]")).to_have_count(1)


def opened(page: Page, link: Link) -> None:
    page.goto(link.path_by(link.token))


def test_a_receiver_types_the_password_previews_and_downloads(page: Page, alice: User) -> None:
    link = link_to(sent_file(alice, b"hello", name="letter.txt"), password=LOCKED)
    opened(page, link)
    fill(page, "[type=password]", LOCKED)
    page.keyboard.press("Enter")
    expect(page.locator("[data-preview]")).to_have_count(1)
    expect(page.locator("file-preview:defined")).to_have_count(1)
    page.locator("[data-preview]").click(force=True)
    expect(page.locator("dialog[open] pre")).to_have_count(1)
    expect(page.locator("dialog[open] pre")).to_have_text("hello")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    with page.expect_download() as started:
        press(page, "Download")
    assert started.value.path().read_bytes() == b"hello"


def test_a_receiver_downloads_all(page: Page, alice: User, tmp_path: Path) -> None:
    link = link_to(sent_file(alice, b"one", name="1.txt"), sent_file(alice, b"two", name="2.txt"))
    opened(page, link)
    expect(page.locator("download-all:not([hidden])")).to_have_count(1)
    with page.expect_download() as started:
        press(page, "Download all")
    started.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {"1.txt": b"one", "2.txt": b"two"}


def test_a_guest_sends_a_file(page: Page, alice: User, make_file: MakeFile) -> None:
    asked = FileRequest.objects.make(owner=alice, title="Tax papers", email_asked="off")
    page.goto(asked.path)
    fill(page, "[name=name]", "Gwen")
    page.keyboard.press("Enter")
    expect(page.locator("file-drop:defined")).to_have_count(1)
    choose(page, make_file("notes.txt", b"hello"))
    expect_arrived(page)
    assert bytes_of("notes.txt") == b"hello"


def test_a_sender_signs_in_and_sends_a_small_file(page: Page, alice: User, make_file: MakeFile) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    alice.set_password(PASSWORD)
    alice.save()
    page.goto("/accounts/login/")
    fill(page, "[type=email]", alice.email)
    fill(page, "[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("file-drop:defined")).to_have_count(1)
    choose(page, make_file("notes.txt", b"hello"))
    expect_arrived(page)
    assert bytes_of("notes.txt") == b"hello"


# Each with what a browser makes of the page's colours, lines and places.
LOOKS = """() => [
  "body", "h1", ".masthead a", ".sheet", ".stub", ".stamp", ".facts", ".facts > div", ".contents li", ".thumb",
  ".button", ".button.quiet", ".tray .sheet > .actions", "download-all", ".slip", ".drop", ".drop > svg", ".menu",
  ".menu-button", ".card", "input[type=search]", "th", "td", "td:last-child", ".name", ".state", ".message",
  ".choices label", "textarea", "select", ".sorting [aria-current]", ".pickable", ".rows > li",
].flatMap((selector) => {
  // Of choices one that is not chosen: in old browsers its radio button alone tells which is.
  const element = [...document.querySelectorAll(selector)].find((it) => !it.querySelector("[type=radio]:checked"));
  if (!element) return [];
  const style = getComputedStyle(element);
  const names = [
    "color", "backgroundColor", "backgroundImage", "borderTopWidth", "borderTopStyle", "borderTopColor",
    "borderTopLeftRadius", "display", "position", "fontSize", "fontWeight", "textAlign", "transform", "paddingTop",
    "paddingLeft",
  ];
  return names.map((name) => `${selector} ${name}: ${style[name]}`);
})"""


def looks(page: Page, scheme: Literal["light", "dark"]) -> set[str]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    # Browsers write the same in several ways.
    other_words = r"calc\([^)]*\)|\.\d+|: (left|start|-webkit-box|flow-root)$"
    return {re.sub(other_words, "", line) for line in page.evaluate(LOOKS)}


def compare(old: Page, new: Page, path: str) -> None:
    for page in (old, new):
        page.goto(path)
    for scheme in SCHEMES:
        assert "\n".join(sorted(looks(old, scheme) ^ looks(new, scheme))) == "", (path, scheme)


def test_pages_look_as_in_a_new_browser(page: Page, browser: Browser, site: str, alice: User) -> None:
    shown = link_to(*(sent_file(alice, name=f"{number}.txt") for number in range(12)), title="Tax papers")
    locked, revoked = link_to(sent_file(alice), password=LOCKED), link_to(sent_file(alice))
    revoked.revoke(by=alice)
    asked = FileRequest.objects.make(owner=alice, title="Tax papers", email_asked="off")
    new = browser.new_context(base_url=site, viewport=page.viewport_size).new_page()
    for path in (*(link.path_by(link.token) for link in (shown, locked, revoked)), asked.path):
        compare(page, new, path)
    for one in (page, new):
        sign_in(one.context, alice, site)
    for path in ("/", shown.get_absolute_url(), "/requests/", "/accounts/profile/"):
        compare(page, new, path)
    new.context.close()


def test_the_account_menu_opens_and_closes(old_dashboard: Page) -> None:
    shown = "() => getComputedStyle(document.querySelector('.menu')).display !== 'none'"
    assert not old_dashboard.evaluate(shown)
    for close in ("Escape", "Tab", "click"):
        old_dashboard.locator(".menu-button").focus()
        old_dashboard.keyboard.press("Enter")
        assert old_dashboard.evaluate(shown)
        if close == "click":
            old_dashboard.mouse.click(300, 500)
        for _ in range(1 if close == "Escape" else 6):
            old_dashboard.keyboard.press(close) if close != "click" else None
        assert not old_dashboard.evaluate(shown), close


def test_the_tables_of_a_narrow_dashboard_scroll_and_not_the_page(old_dashboard: Page, alice: User) -> None:
    """Without container queries a row is no card: its name has room, and what does not fit is scrolled to."""
    link_to(sent_file(alice, b"hello", name="a letter with a name of some length.txt"))
    old_dashboard.set_viewport_size({"width": 360, "height": 800})
    old_dashboard.reload()
    expect(old_dashboard.locator("table.stacks")).to_have_count(2)
    page = old_dashboard.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert page[0] <= page[1]
    names = "[...document.querySelectorAll('table.stacks td .name')].map((it) => it.getBoundingClientRect().width)"
    assert min(old_dashboard.evaluate(names)) > 100
