"""The dashboard's search finds as one types, and by Enter without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from sharing.accounts.models import User
from tests.factories import link_to, recorded_file


@pytest.fixture
def page(alice_page: Page, alice: User) -> Page:
    for name in ("report 2.pdf", "report 10.pdf", "beach.jpg"):
        link_to(recorded_file(alice, name=name))
    alice_page.goto("/?files-sort=name")
    alice_page.locator("search-as-typed:defined").wait_for()
    return alice_page


def test_files_and_links_follow_what_is_typed(page: Page) -> None:
    names = page.locator("#files a.name")
    expect(names).to_have_text(["beach.jpg", "report 2.pdf", "report 10.pdf"])
    search = page.get_by_label("Search files and links")
    search.press_sequentially("report")
    expect(names).to_have_text(["report 2.pdf", "report 10.pdf"])
    expect(page.locator("#links tbody tr")).to_have_count(2)
    expect(page.get_by_text("Links: 2. Files: 2.")).to_be_attached()
    expect(search).to_be_focused()
    assert "q=report" in page.url
    assert "files-sort=name" in page.url
    search.fill("")
    expect(names).to_have_count(3)
    expect(page).to_have_url(re.compile(r"^[^#]*\?((?!q=).)*$"))


def test_what_is_shown_can_be_ticked_and_its_address_be_opened_again(page: Page) -> None:
    page.get_by_label("Search files and links").fill("beach")
    expect(page.locator("#files a.name")).to_have_text(["beach.jpg"])
    page.locator("#files").get_by_label("Select beach.jpg").check()
    expect(page.locator("#pick").get_by_role("button", name="Delete (1)")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Search files and links")).to_have_value("beach")
    page.get_by_role("link", name="Clear search").click()
    expect(page.locator("#files a.name")).to_have_count(3)


def test_a_slow_answer_does_not_replace_a_later_one(page: Page) -> None:
    page.route(re.compile("q=rep$"), lambda route: None)  # never answered
    search = page.get_by_label("Search files and links")
    with page.expect_request(re.compile("q=rep")):
        search.fill("rep")
    search.fill("beach")
    expect(page.locator("#files a.name")).to_have_text(["beach.jpg"])
    page.unroute_all(behavior="ignoreErrors")


def test_enter_does_it_without_javascript(page: Page, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(page.url)
    plain.get_by_label("Search files and links").fill("beach")
    plain.keyboard.press("Enter")
    expect(plain.locator("#files a.name")).to_have_text(["beach.jpg"])
    context.close()
