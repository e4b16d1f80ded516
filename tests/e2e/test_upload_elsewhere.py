"""An upload that another browser is sending is not unfinished, and nobody can cancel it here by mistake."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from sharing.files.models import Upload
from tests.e2e.conftest import MakeFile, NewContext
from tests.e2e.interception import hold
from tests.e2e.upload_page import MIB, choose, expect_state, row_of, until

LAST_PART = "*/files/*partNumber=4*"
LISTING = "**/uploads/?browser=*"
TRIES = 10


@pytest.fixture
def film(make_file: MakeFile) -> Path:
    return make_file("film.mov", os.urandom(17 * MIB))


def row_waiting(page: Page) -> Locator:
    return page.locator("[data-part=unfinished-list] > li")


def answer_503(route: Route) -> None:
    route.fulfill(status=503, content_type="text/html", body="<h1>Away</h1>")


def test_what_another_browser_is_sending_is_said_to_be_and_has_no_cancel(
    dashboard: Page, film: Path, new_alice_context: NewContext
) -> None:
    held = hold(dashboard, LAST_PART)
    with dashboard.expect_response("**/uploads/sending/"):
        choose(dashboard, film)
    other = new_alice_context().new_page()
    other.clock.install()
    other.goto("/")
    row = row_waiting(other)
    expect(row.get_by_text("Another browser is uploading it now.")).to_be_visible()
    expect(row.get_by_role("button", name="Cancel")).to_be_hidden()
    held.end()
    expect_state(row_of(dashboard, "film.mov"), "ready")
    other.clock.fast_forward(31_000)
    expect(row).to_have_count(0)
    assert Upload.objects.get().state == Upload.State.COMPLETE


def test_after_a_reload_the_same_browser_can_go_on_at_once(dashboard: Page, film: Path) -> None:
    hold(dashboard, LAST_PART)
    with dashboard.expect_response("**/uploads/sending/"):
        choose(dashboard, film)
    dashboard.on("dialog", lambda dialog: dialog.accept())
    dashboard.reload()
    expect(row_waiting(dashboard).get_by_role("button", name="Cancel")).to_be_visible()
    expect(row_waiting(dashboard).get_by_text("Another browser")).to_be_hidden()


def test_a_site_that_does_not_list_what_is_unfinished_is_asked_again(dashboard: Page, film: Path) -> None:
    """No answer is not the answer that there are none."""
    hold(dashboard, LAST_PART)
    with dashboard.expect_response("**/uploads/sending/"):
        choose(dashboard, film)
    dashboard.route(LISTING, answer_503, times=1)
    dashboard.on("dialog", lambda dialog: dialog.accept())
    dashboard.reload()
    expect(row_waiting(dashboard)).to_have_count(1)


def test_a_site_that_never_lists_what_is_unfinished_is_said_not_to(timed_dashboard: Page) -> None:
    asked = []
    timed_dashboard.clock.install()
    timed_dashboard.on(
        "request", lambda request: asked.append(request) if "?browser=" in request.url else None
    )
    timed_dashboard.route(LISTING, answer_503)
    timed_dashboard.reload()
    for times in range(1, TRIES):
        until(timed_dashboard, lambda times=times: len(asked) == times)  # type: ignore[misc]
        timed_dashboard.clock.fast_forward(31_000)
    expect(timed_dashboard.get_by_role("alert")).to_contain_text(
        "Your unfinished uploads could not be loaded."
    )


def test_a_file_that_was_paused_there_can_be_gone_on_with_here(
    dashboard: Page, film: Path, new_alice_context: NewContext
) -> None:
    hold(dashboard, LAST_PART)
    with dashboard.expect_response("**/uploads/sending/"):
        choose(dashboard, film)
    with dashboard.expect_response("**/uploads/sending/"):
        row_of(dashboard, "film.mov").get_by_role("button", name="Pause").click()
    other = new_alice_context().new_page()
    other.goto("/")
    expect(row_waiting(other).get_by_role("button", name="Choose file to resume")).to_be_visible()


def test_what_cannot_be_cancelled_stays_in_the_list(dashboard: Page, film: Path) -> None:
    hold(dashboard, LAST_PART)
    with dashboard.expect_response("**/uploads/sending/"):
        choose(dashboard, film)
    dashboard.on("dialog", lambda dialog: dialog.accept())
    dashboard.reload()
    dashboard.route("**/api/v1/uploads/*/", lambda route: route.fulfill(status=503, body="{}"))
    row_waiting(dashboard).get_by_role("button", name="Cancel").click()
    expect(row_waiting(dashboard)).to_contain_text("Not cancelled yet.")


def test_a_page_that_is_left_says_that_it_sends_no_longer(
    dashboard: Page, film: Path, new_alice_context: NewContext
) -> None:
    hold(dashboard, LAST_PART)
    with dashboard.expect_response("**/uploads/sending/"):
        choose(dashboard, film)
    dashboard.on("dialog", lambda dialog: dialog.accept())
    dashboard.goto("/livez")
    other = new_alice_context().new_page()

    def is_offered() -> bool:
        other.goto("/")
        row_waiting(other).wait_for()
        return row_waiting(other).get_by_role("button", name="Cancel").is_visible()

    until(other, is_offered)
