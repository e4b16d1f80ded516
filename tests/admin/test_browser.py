"""The panel in a real browser: its scripts and styles within the content policy, readable by everybody, at 360 px."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from sharing.accounts.models import User
from sharing.links.models import Download
from tests.admin.panel import TABLES, list_of, page_of
from tests.making import link_to, recorded_file


@pytest.fixture
def page(live_server: LiveServer, browser: Browser, carol_client: Client) -> Iterator[Page]:
    """Carol's browser. An error on its console, such as a style that the policy refuses, fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    session = carol_client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def addresses(live_server: LiveServer, alice: User) -> list[str]:
    """The overview, each list, and the page of a row of most."""
    file = recorded_file(alice, name="a long name that has to be broken somewhere.tar.gz")
    link = link_to(file)
    download = Download.objects.create(link=link, file=file, network="192.0.2.0", user_agent="curl/8")
    rows = [page_of(row) for row in (alice, file, file.upload, link, download)]
    return [f"{live_server.url}{path}" for path in (reverse("admin:index"), *map(list_of, TABLES), *rows)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_in_order(addresses: list[str], page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address in addresses:
        page.goto(address)
        assert Axe().run(page).response["violations"] == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_a_link_is_revoked_by_clicking(addresses: list[str], page: Page) -> None:
    page.goto(next(address for address in addresses if address.endswith("/links/link/")))
    page.locator("#result_list tbody .action-select").check()
    page.get_by_role("combobox", name="Action").select_option("revoke")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("1 link revoked.")).to_be_visible()
