"""Changes made elsewhere appear on an open page, without a reload and without disturbing whoever works there."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from sharing.links.models import Download, Link
from tests.e2e.conftest import NewContext, complain_to
from tests.factories import link_to, recorded_file
from tests.requests.factories import arrived, known_guest, request_of

LOADED_AFTER, ASKED_EVERY = 2000, 3000  # milliseconds
HIDE = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class Live:
    """A page whose clock is set, and the answers to what it asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.statuses: list[int] = []
        page.on("response", lambda answer: self._note(answer.url, answer.status))

    def _note(self, url: str, status: int) -> None:
        if urlsplit(url).path == "/changes/":
            self.statuses.append(status)

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.page.clock.run_for(LOADED_AFTER)
        self.page.locator("live-parts:defined").wait_for(state="attached")

    def wait(self) -> None:
        """Let it ask once."""
        with self.page.expect_response(lambda answer: "/changes/" in answer.url):
            self.page.clock.run_for(ASKED_EVERY)

    def wait_for_failure(self) -> int:
        """Let it ask once without an answer, and return how many milliseconds that took by its clock."""
        failed: list[str] = []
        self.page.once("requestfailed", lambda request: failed.append(request.url))
        waited = 0
        while not failed:
            self.page.clock.run_for(500)
            waited += 500
        return waited


@pytest.fixture
def live(new_alice_context: NewContext) -> Iterator[Live]:
    page = new_alice_context().new_page()
    complaints: list[str] = []
    complain_to(complaints, page)
    page.clock.install()
    yield Live(page)
    page.close(run_before_unload=False)
    assert complaints == []


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice), title="The plan")


def download(link: Link) -> None:
    Download.objects.create(link=link, file=link.files.get())


def test_a_download_elsewhere_is_counted_on_the_dashboard(live: Live, link: Link) -> None:
    live.open("/")
    live.wait()
    row = live.page.locator(f"#link-{link.public_id}")
    expect(row.locator("[data-news=downloads]")).to_have_text("0")
    download(link)
    live.wait()
    expect(row.locator("[data-news=downloads]")).to_have_text("1")
    expect(live.page.locator("live-parts [role=status]")).to_have_text("1 new download.")
    live.wait()
    assert live.statuses == [304, 200, 304]


def test_a_link_s_page_shows_what_has_happened(live: Live, link: Link) -> None:
    live.open(link.get_absolute_url())
    link.count_views()
    download(link)
    live.wait()
    expect(live.page.locator("#summary")).to_contain_text("Downloads 1")
    expect(live.page.locator("#tracking")).to_contain_text("hello.txt")
    link.revoke(by=link.owner)
    live.wait()
    expect(live.page.locator("#summary .stamp")).to_have_text("Revoked")


def test_what_arrives_is_shown_on_the_request_s_page(live: Live, alice: User) -> None:
    file_request = request_of(alice)
    live.open(file_request.get_absolute_url())
    arrived(known_guest(file_request), "passport.pdf")
    live.wait()
    expect(live.page.locator("#arrived")).to_contain_text("passport.pdf")
    expect(live.page.locator("live-parts [role=status]")).to_have_text("1 new file received.")


def test_what_is_typed_stays(live: Live, link: Link) -> None:
    live.open(link.get_absolute_url())
    to = live.page.locator("#recipients").get_by_label("To", exact=True)
    to.press_sequentially("ann@exa")
    download(link)
    live.wait()
    expect(live.page.locator("#summary")).to_contain_text("Downloads 1")
    to.press_sequentially("mple.com")
    expect(to).to_have_value("ann@example.com")


def test_a_ticked_row_stays_ticked_and_is_counted(live: Live, alice: User, link: Link) -> None:
    live.open("/")
    row = live.page.locator(f"#link-{link.public_id}")
    row.get_by_role("checkbox").check()
    download(link)
    link_to(link.files.get(), title="Made elsewhere")
    live.wait()
    expect(row.locator("[data-news=downloads]")).to_have_text("1")
    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(row.get_by_role("checkbox")).to_be_focused()
    expect(live.page.get_by_role("row", name="Made elsewhere")).to_have_count(0)
    # The row that would have pushed this one away comes once nobody is there.
    row.get_by_role("checkbox").uncheck()
    live.page.mouse.move(0, 0)
    live.page.evaluate("document.activeElement.blur()")
    live.wait()
    expect(live.page.get_by_role("row", name="Made elsewhere")).to_have_count(1)


def test_what_is_pointed_at_is_not_replaced(live: Live, link: Link) -> None:
    live.open("/")
    button = live.page.locator(f"#link-{link.public_id}").get_by_role("button")
    button.evaluate("(element) => { element.isTheSame = true; }")
    button.hover()
    download(link)
    live.wait()
    expect(live.page.locator(f"#link-{link.public_id} [data-news=downloads]")).to_have_text("1")
    assert button.evaluate("(element) => element.isTheSame")


def test_a_hidden_page_asks_nothing_and_catches_up(live: Live, link: Link) -> None:
    live.open("/")
    live.wait()
    live.page.evaluate(HIDE, "hidden")
    download(link)
    live.page.clock.run_for(20 * ASKED_EVERY)
    assert live.statuses == [304]
    with live.page.expect_response(lambda answer: "/changes/" in answer.url):
        live.page.evaluate(HIDE, "visible")
    expect(live.page.locator(f"#link-{link.public_id} [data-news=downloads]")).to_have_text("1")


def test_who_is_signed_out_is_asked_for_no_more(live: Live, link: Link, alice: User) -> None:
    live.open("/")
    live.page.context.clear_cookies()
    live.wait()
    live.page.clock.run_for(20 * ASKED_EVERY)
    assert live.statuses == [302]
    expect(live.page.locator(f"#link-{link.public_id}")).to_be_visible()


def test_without_an_answer_it_asks_less_often(live: Live, link: Link) -> None:
    live.open("/")
    live.page.route("**/changes/**", lambda route: route.abort())
    live.wait_for_failure()
    assert [live.wait_for_failure() > ASKED_EVERY for _ in range(3)] == [True] * 3
    live.page.unroute("**/changes/**")
    download(link)
    with live.page.expect_response(lambda answer: "/changes/" in answer.url):
        live.page.clock.run_for(20 * ASKED_EVERY)
    expect(live.page.locator(f"#link-{link.public_id} [data-news=downloads]")).to_have_text("1")
