"""A real browser at a real bucket. What the browser complains of fails the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

from sharing.accounts.models import User
from sharing.storage.bucket import Bucket
from tests.browser import find_chromium
from tests.e2e.pending_requests import wait_for_pending_requests
from tests.old_chromium import ADVICE, find_old_chromium
from tests.programs import fail_on_ci_else_skip

# Several people share a test machine: what takes a second may take ten.
TIMEOUT_MS = 30_000

NewContext = Callable[..., BrowserContext]
MakeFile = Callable[[str, bytes], Path]


@pytest.fixture
def site(bucket: Bucket, transactional_db: None, live_server: Any) -> Iterator[str]:
    """The address of the running site; browsers there may send to the bucket."""
    bucket.allow_origins([live_server.url])
    expect.set_options(timeout=TIMEOUT_MS)
    with wait_for_pending_requests(seconds=TIMEOUT_MS / 1000):
        yield live_server.url
    bucket.allow_origins(settings.SITE_ORIGINS)


@pytest.fixture(scope="session")
def warm_context(browser: Browser, live_server: Any) -> Iterator[BrowserContext]:
    """A browser that lasts: one page of the site stays open, so that others need no new process for its scripts."""
    context = browser.new_context(base_url=live_server.url)
    context.new_page().goto("/livez")
    yield context
    context.close()


@pytest.fixture
def context(warm_context: BrowserContext, site: str) -> BrowserContext:
    """A browser that remembers nothing. Clocks and scripts for all pages outlast a test: they need another."""
    warm_context.set_default_timeout(TIMEOUT_MS)
    warm_context.set_offline(False)
    warm_context.clear_permissions()
    warm_context.clear_cookies()
    page = warm_context.pages[0]
    session = warm_context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": "all"})
    session.detach()
    return warm_context


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    listen_for_choosers(page)
    yield page
    for opened in context.pages[1:]:
        # A page that asks before it is left would wait for an answer.
        opened.close(run_before_unload=False)


@pytest.fixture
def alice_page(page: Page, alice: User, site: str) -> Page:
    """A browser in which alice is signed in."""
    sign_in(page.context, alice, site)
    return page


@pytest.fixture
def new_alice_context(browser: Browser, site: str, alice: User) -> Iterator[NewContext]:
    """Makes more browsers in which alice is signed in; takes the options of Playwright's `new_context`."""
    contexts = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=site, **options)
        context.set_default_timeout(TIMEOUT_MS)
        sign_in(context, alice, site)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def whole_browser(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """A Chromium with its PDF viewer, which the headless shell lacks."""
    browser = playwright.chromium.launch(**{**browser_type_launch_args, "executable_path": find_chromium()})
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def old_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium 103. Playwright looks whether things can be seen by what 105 brought.

    So click with `force`, type by keyboard, count what matches before you expect anything of it.
    """
    executable = find_old_chromium()
    if executable is None:
        fail_on_ci_else_skip(ADVICE)
    browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


@pytest.fixture
def old_page(old_browser: Browser, site: str, complaints: list[str]) -> Iterator[Page]:
    """A page of a stranger with an old browser."""
    context = old_browser.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    complain_to(complaints, page)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def old_dashboard(old_page: Page, alice: User, site: str) -> Page:
    """The dashboard of alice with an old browser, ready to take files."""
    sign_in(old_page.context, alice, site)
    old_page.goto("/")
    expect(old_page.locator("file-drop:defined")).to_have_count(1)
    return old_page


def listen_for_choosers(page: Page) -> None:
    """Playwright asks the browser for file choosers when somebody begins to listen, and does not wait until it has."""
    page.on("filechooser", lambda _: None)


def sign_in(context: BrowserContext, user: User, site: str) -> None:
    """From now on this browser is the user's."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


@pytest.fixture
def complaints() -> list[str]:
    """Errors that the page threw, and refusals of its Content-Security-Policy. A test may take away what it expects."""
    return []


@pytest.fixture
def dashboard(alice_page: Page, complaints: list[str]) -> Iterator[Page]:
    """Alice's dashboard, ready to take files."""
    yield opened_dashboard(alice_page, complaints)
    # Closed first, so that its scripts complain of nothing after the look.
    alice_page.close(run_before_unload=False)
    assert complaints == []


@pytest.fixture
def timed_dashboard(new_alice_context: NewContext, complaints: list[str]) -> Iterator[Page]:
    """The same where the clock may be set."""
    page = new_alice_context().new_page()
    yield opened_dashboard(page, complaints)
    page.close(run_before_unload=False)
    assert complaints == []


def complain_to(complaints: list[str], page: Page) -> None:
    def listen(message: ConsoleMessage) -> None:
        # That a request failed is logged as an error, too: faults are what some tests are about.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def opened_dashboard(page: Page, complaints: list[str]) -> Page:
    complain_to(complaints, page)
    page.goto("/")
    page.locator("file-drop:defined").wait_for()
    return page


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Makes a file on the disk of the person at the browser."""

    def make(name: str, body: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(body)
        return path

    return make
