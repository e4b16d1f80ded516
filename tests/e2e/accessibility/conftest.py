"""Page checkers, signed in or not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from sharing import listing
from tests.e2e.accessibility.page_checker import HEIGHT, WIDE, PageChecker
from tests.e2e.accessibility.states import FULL_PAGE


@pytest.fixture
def checker(page: Page) -> Iterator[PageChecker]:
    """Checks pages in the browser of someone who is not signed in. Its findings fail the test."""
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    page.emulate_media(reduced_motion="reduce")
    checker = PageChecker(page)
    yield checker
    assert not checker.findings, "\n".join(checker.findings)


@pytest.fixture
def owner(checker: PageChecker, alice_page: Page, monkeypatch: pytest.MonkeyPatch) -> PageChecker:
    """Checks pages in alice's browser. Her lists are short: more rows would take longer and show nothing new."""
    monkeypatch.setattr(listing, "ROWS", FULL_PAGE)
    return checker
