"""The browser that looks, and whose it is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from sharing.accounts.models import User
from tests.e2e.accessibility.looking import HEIGHT, WIDE, Looker, sign_in


@pytest.fixture
def looker(browser: Browser, site: str) -> Iterator[Looker]:
    """A stranger's browser. Whatever it finds fails the test."""
    context = browser.new_context(
        base_url=site, viewport={"width": WIDE, "height": HEIGHT}, reduced_motion="reduce"
    )
    looker = Looker(context.new_page())
    yield looker
    context.close()
    assert not looker.findings, "\n".join(looker.findings)


@pytest.fixture
def owner(looker: Looker, site: str, alice: User) -> Looker:
    """The same, with alice at it."""
    sign_in(looker.page.context, alice, site)
    return looker
