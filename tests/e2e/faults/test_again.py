"""Half of a file is there when the page is loaded again, or the browser started again: the rest is sent, no more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.conftest import TIMEOUT_MS
from tests.e2e.faults.conftest import FILM_SIZE, PARTS
from tests.e2e.faults.proxy import FaultProxy
from tests.e2e.upload_page import choose
from tests.runtime.instance import Instance

ExpectWhole = Callable[[Page, list[Path]], None]


def expect_the_rest_alone(
    page: Page, line: FaultProxy, film: Path, there: int, expect_whole: ExpectWhole
) -> None:
    """The film chosen once more is whole, and of its bytes those `there` are not sent again."""
    expect(page.locator("[data-part=unfinished-list] > li")).to_have_count(1)
    ledger = line.follow()
    choose(page, film)
    expect_whole(page, [film])
    assert ledger.surplus == 0, str(ledger)
    assert 0 < ledger.received <= FILM_SIZE - there, str(ledger)


def test_after_a_reload(page: Page, line: FaultProxy, film: Path, expect_whole: ExpectWhole) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    ledger = line.follow(passing=PARTS // 2)
    choose(page, film)
    with ledger.standing_still():
        there = sum(ledger.arrived_parts.values())
        page.reload()
    page.locator("file-drop:defined").wait_for()
    expect_the_rest_alone(page, line, film, there, expect_whole)


def test_after_a_restart_of_the_browser(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    instance: Instance,
    signed_in: Any,
    line: FaultProxy,
    film: Path,
    tmp_path: Path,
    expect_whole: ExpectWhole,
) -> None:
    @contextmanager
    def browser_with_profile() -> Iterator[BrowserContext]:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", base_url=f"http://localhost:{instance.port}", **browser_type_launch_args
        )
        context.set_default_timeout(TIMEOUT_MS)
        yield context
        context.close()

    def dashboard(context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto("/")
        page.locator("file-drop:defined").wait_for()
        return page

    ledger = line.follow(passing=PARTS // 2)
    with browser_with_profile() as context:
        context.add_cookies(signed_in["cookies"])
        choose(dashboard(context), film)
        with ledger.standing_still():
            there = sum(ledger.arrived_parts.values())
            context.close()
    with browser_with_profile() as context:
        expect_the_rest_alone(dashboard(context), line, film, there, expect_whole)
