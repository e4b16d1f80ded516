"""By keyboard alone: everything is reached, what has the focus is seen, and Enter does it."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from sharing.accounts.models import User
from sharing.links.models import Link
from tests.e2e.conftest import NewContext
from tests.making import link_to, recorded_file, sent_file

MANY = 60

FOCUSED = r"""() => {
  const element = document.activeElement;
  const name = element.innerText?.trim() || element.ariaLabel || element.labels?.[0]?.innerText.trim() || element.name;
  // A choice drawn as a tab shows the focus of the radio button within it.
  const shown = element.closest(".choices label") ?? element;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const { width, height, right, left } = shown.getBoundingClientRect();
  const isInView = width > 2 && height > 2 && left >= 0 && right <= innerWidth;
  return [(name ?? "").replace(/\s+/g, " "), outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && isInView];
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus. Each stop on the way must be seen."""
    unseen = []
    for _ in range(MANY):
        page.keyboard.press("Tab")
        words, is_seen = page.evaluate(FOCUSED)
        if not is_seen:
            unseen.append(words)
        if re.match(name, words):
            assert unseen == []
            return
    raise AssertionError(f"{MANY} tabs did not lead to {name!r}")


def press_enter(page: Page) -> None:
    """Follow what has the focus to another page, and wait until it can be used."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def page(new_alice_context: NewContext) -> Page:
    return new_alice_context().new_page()


@pytest.fixture
def stranger(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, accept_downloads=True)
    yield context.new_page()
    context.close()


def test_a_stranger_downloads(stranger: Page, alice: User) -> None:
    link = link_to(sent_file(alice, b"hello"))
    stranger.goto(reverse("landing", args=[link.token]))
    tab_to(stranger, "Download")
    with stranger.expect_download() as started:
        stranger.keyboard.press("Enter")
    assert started.value.path().read_bytes() == b"hello"


def test_the_first_stop_leads_past_the_navigation(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_link_is_made_and_found(page: Page, alice: User) -> None:
    recorded_file(alice, name="report.pdf")
    page.goto("/")
    tab_to(page, "Link to report.pdf")
    press_enter(page)
    expect(page.get_by_role("heading", name="Make a link")).to_be_visible()
    tab_to(page, "A week")
    page.keyboard.press("ArrowLeft")
    tab_to(page, "Make the link")
    press_enter(page)
    expect(page.get_by_label("Send this address")).to_be_visible()
    tab_to(page, "Send this address")
    assert page.get_by_label("Send this address").input_value() == Link.objects.get().url
    tab_to(page, "Copy link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Copied|Press Ctrl"))).to_be_focused()


def test_a_link_is_revoked(page: Page, alice: User) -> None:
    link = link_to(recorded_file(alice))
    page.goto(link.get_absolute_url())
    tab_to(page, "Revoke this link")
    page.keyboard.press("Enter")
    tab_to(page, "Revoke it")
    press_enter(page)
    expect(page.locator(".stamp")).to_have_text("Revoked")


def test_the_accounts_menu_opens_and_closes(page: Page) -> None:
    page.goto("/")
    tab_to(page, "Account")
    page.keyboard.press("Enter")
    tab_to(page, "Profile")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Account")).to_be_focused()


def test_the_drop_zone_is_a_button_too(page: Page) -> None:
    # Playwright asks the browser for choosers as soon as somebody listens, and does not wait until it has.
    page.on("filechooser", lambda _: None)
    page.goto("/")
    page.locator("file-drop:defined").wait_for()
    tab_to(page, "Choose files")
    with page.expect_file_chooser():
        page.keyboard.press("Enter")
