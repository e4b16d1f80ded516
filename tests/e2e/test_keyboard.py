"""By keyboard alone: everything is reached, what has the focus is seen, and Enter does it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from sharing.links.models import Link
from tests.factories import link_to, recorded_file, sent_file

MANY = 60

FOCUSED = r"""() => {
  const element = document.activeElement;
  const name = element.ariaLabel || element.innerText?.trim() || element.labels?.[0]?.innerText.trim() || element.name;
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


def test_a_stranger_downloads(page: Page, alice: User) -> None:
    link = link_to(sent_file(alice, b"hello"))
    page.goto(reverse("landing", args=[link.token]))
    tab_to(page, "Download")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.path().read_bytes() == b"hello"


def test_the_first_stop_leads_past_the_navigation(alice_page: Page) -> None:
    alice_page.goto("/")
    alice_page.keyboard.press("Tab")
    expect(alice_page.get_by_role("link", name="Skip to content")).to_be_focused()
    alice_page.keyboard.press("Enter")
    expect(alice_page.locator("main")).to_be_focused()


def test_a_link_is_made_and_found(alice_page: Page, alice: User) -> None:
    recorded_file(alice, name="report.pdf")
    alice_page.goto("/")
    tab_to(alice_page, "Create link to report.pdf")
    press_enter(alice_page)
    expect(alice_page.get_by_role("heading", name="Create link")).to_be_visible()
    tab_to(alice_page, "1 week")
    alice_page.keyboard.press("ArrowLeft")
    tab_to(alice_page, "Create link")
    press_enter(alice_page)
    expect(alice_page.get_by_label("Share this link")).to_be_visible()
    tab_to(alice_page, "Share this link")
    assert alice_page.get_by_label("Share this link").input_value() == Link.objects.get().url
    tab_to(alice_page, "Copy link")
    alice_page.keyboard.press("Enter")
    expect(alice_page.get_by_role("button", name=re.compile("Copied|Press Ctrl"))).to_be_focused()


def test_a_link_is_revoked(alice_page: Page, alice: User) -> None:
    link = link_to(recorded_file(alice))
    alice_page.goto(link.get_absolute_url())
    tab_to(alice_page, "Revoke this link")
    alice_page.keyboard.press("Enter")
    tab_to(alice_page, "Revoke link")
    press_enter(alice_page)
    expect(alice_page.locator(".stamp")).to_have_text("Revoked")


def test_the_accounts_menu_opens_and_closes(alice_page: Page) -> None:
    alice_page.goto("/")
    tab_to(alice_page, "Account")
    alice_page.keyboard.press("Enter")
    tab_to(alice_page, "Profile")
    alice_page.keyboard.press("Escape")
    expect(alice_page.get_by_role("button", name="Account")).to_be_focused()


def test_the_accounts_menu_opens_below_its_button_in_a_narrow_window(alice_page: Page) -> None:
    alice_page.set_viewport_size({"width": 240, "height": 700})
    alice_page.goto("/")
    button = alice_page.get_by_role("button", name="Account")
    button.click()
    above, menu = button.bounding_box(), alice_page.locator("#account-menu").bounding_box()
    assert above
    assert menu
    assert menu["y"] >= above["y"] + above["height"]


@pytest.mark.parametrize(("key", "menus"), [("Tab", "Sign out"), ("Shift+Tab", "Account")])
def test_the_accounts_menu_closes_when_the_focus_leaves_it(alice_page: Page, key: str, menus: str) -> None:
    alice_page.goto("/")
    alice_page.locator("account-menu:defined").wait_for()
    alice_page.get_by_role("button", name="Account").press("Enter")
    menu = alice_page.locator("#account-menu")
    expect(menu).to_be_visible()
    last = alice_page.get_by_role("button", name=menus)
    last.focus()
    expect(menu).to_be_visible()
    alice_page.keyboard.press(key)
    expect(menu).to_be_hidden()
    assert alice_page.evaluate("document.activeElement.closest('account-menu, html')?.localName") == "html"
    assert alice_page.evaluate("document.activeElement.localName") != "body"


# Playwright knows nothing of choosers that give handles: a browser without them, and a frame that may not open them.
NO_HANDLES = [
    "delete window.showOpenFilePicker",
    "window.showOpenFilePicker = async () => { throw new DOMException('', 'SecurityError'); }",
]


@pytest.mark.parametrize("script", NO_HANDLES, ids=["unknown", "forbidden"])
def test_the_drop_zone_is_a_button_too(alice_page: Page, script: str) -> None:
    alice_page.add_init_script(script)
    alice_page.goto("/")
    alice_page.locator("file-drop:defined").wait_for()
    tab_to(alice_page, "Choose files")
    with alice_page.expect_file_chooser():
        alice_page.keyboard.press("Enter")
