"""The browser that looks, and whose it is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from sharing import listing
from tests.e2e.accessibility.looking import HEIGHT, WIDE, Looker
from tests.e2e.accessibility.states import FULL_PAGE


@pytest.fixture
def looker(page: Page) -> Iterator[Looker]:
    """A stranger's browser. Whatever it finds fails the test."""
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    page.emulate_media(reduced_motion="reduce")
    looker = Looker(page)
    yield looker
    assert not looker.findings, "\n".join(looker.findings)


@pytest.fixture
def owner(looker: Looker, alice_page: Page, monkeypatch: pytest.MonkeyPatch) -> Looker:
    """The same, with alice at it. Her lists are short: more rows of the same would take longer and say no more."""
    monkeypatch.setattr(listing, "ROWS", FULL_PAGE)
    return looker
