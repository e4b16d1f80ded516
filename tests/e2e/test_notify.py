"""The browser notifies somebody who has gone elsewhere, if they have asked for it in this browser."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sharing.accounts.models import User
from sharing.links.models import Download, Link
from tests.e2e.conftest import MakeFile, NewContext
from tests.e2e.test_live_pages import HIDE
from tests.e2e.upload_page import choose
from tests.factories import link_to, recorded_file

MINUTE = 60_000  # milliseconds
# In place of the browser's own, which no test can read.
RECORDER = """
  window.notices = [];
  window.asked = 0;
  window.answer = "granted";
  window.Notification = class extends EventTarget {
    static get permission() { return localStorage.getItem("permission") ?? "default"; }
    static async requestPermission() {
      window.asked += 1;
      localStorage.setItem("permission", window.answer);
      return window.answer;
    }
    constructor(words) { super(); window.notices.push(words); }
  };
"""


@pytest.fixture
def context(new_alice_context: NewContext) -> BrowserContext:
    context = new_alice_context()
    context.add_init_script(RECORDER)
    return context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.clock.install()
    return page


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice), title="The plan")


def switch(page: Page) -> None:
    page.goto("/accounts/profile/")
    page.get_by_label(re.compile("A long upload")).click()


def notices(page: Page) -> list[str]:
    return list(page.evaluate("window.notices"))


def leave(page: Page, path: str = "/") -> None:
    page.goto(path)
    page.clock.run_for(3000)
    page.locator("live-parts:defined").wait_for(state="attached")
    page.evaluate(HIDE, "hidden")


def test_nobody_is_asked_before_they_tick(page: Page) -> None:
    page.goto("/accounts/profile/")
    expect(page.get_by_label(re.compile("A long upload"))).not_to_be_checked()
    assert page.evaluate("window.asked") == 0
    page.get_by_label(re.compile("A long upload")).check()
    assert page.evaluate("window.asked") == 1
    page.reload()
    expect(page.get_by_label(re.compile("A long upload"))).to_be_checked()


def test_a_browser_that_refuses_says_so(page: Page) -> None:
    page.goto("/accounts/profile/")
    page.evaluate("window.answer = 'denied'")
    page.get_by_label(re.compile("A long upload")).click()
    expect(page.get_by_text("Your browser blocks notifications")).to_be_visible()
    expect(page.get_by_label(re.compile("A long upload"))).not_to_be_checked()


@pytest.mark.parametrize("where", ["the dashboard", "the link's page"])
def test_a_first_download_is_told_once(page: Page, link: Link, where: str) -> None:
    switch(page)
    leave(page, "/" if where == "the dashboard" else link.get_absolute_url())
    for _ in range(2):
        Download.objects.create(link=link, file=link.files.get())
        with page.expect_response(re.compile("/changes/")):
            for _ in range(6):
                page.clock.run_for(MINUTE // 2)
        expect(page.locator("live-parts [role=status]")).not_to_be_empty()
    assert notices(page) == ["“The plan” was downloaded for the first time."]


def test_without_the_switch_nothing_is_asked_or_told(page: Page, link: Link) -> None:
    leave(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    Download.objects.create(link=link, file=link.files.get())
    page.clock.run_for(5 * MINUTE)
    assert (asked, notices(page)) == ([], [])


@pytest.mark.parametrize(("minutes", "told"), [(2, ["Your upload has finished."]), (0, [])])
def test_a_long_upload_s_end_is_told(page: Page, make_file: MakeFile, minutes: int, told: list[str]) -> None:
    switch(page)
    leave(page)
    choose(page, make_file("plan.pdf", b"hello"))
    page.clock.fast_forward(minutes * MINUTE)
    for _ in range(100):
        page.clock.run_for(100)
        if page.locator(".upload-batch[data-state=ready]").count():
            break
    page.clock.run_for(3000)
    # The script that shows them is loaded then.
    page.evaluate("import('/static/js/lib/notices.js').then(() => null)")
    assert notices(page) == told
