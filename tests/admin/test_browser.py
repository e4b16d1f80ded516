"""The panel in a real browser: its scripts work within the content policy. Its looks are in tests/e2e/accessibility."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from sharing.accounts.models import User
from tests.admin.pages import list_of
from tests.factories import link_to, recorded_file


@pytest.fixture
def page(live_server: LiveServer, browser: Browser, carol_client: Client) -> Iterator[Page]:
    """Carol's browser. An error on its console, such as a style that the policy refuses, fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, base_url=live_server.url)
    session = carol_client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def test_a_link_is_revoked_by_clicking(page: Page, alice: User) -> None:
    link = link_to(recorded_file(alice))
    page.goto(list_of("links_link"))
    page.locator("#result_list tbody .action-select").check()
    page.get_by_role("combobox", name="Action").select_option("revoke")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("1 link revoked.")).to_be_visible()
    link.refresh_from_db()
    assert link.revoked_at
