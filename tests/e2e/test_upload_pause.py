"""A person pauses what is on its way, and goes on."""

import os

from playwright.sync_api import Page, expect

from sharing.files.models import Upload
from tests.e2e.conftest import MakeFile
from tests.e2e.interception import hold
from tests.e2e.upload_page import (
    MIB,
    batch_of,
    bytes_of,
    choose,
    expect_state,
    parts_in,
    row_of,
    until,
    watch_puts,
)

SECOND_PART = "*/files/*partNumber=2*"
PARTS = "*/files/*partNumber*"


def test_a_paused_file_goes_on_with_the_parts_that_are_missing(dashboard: Page, make_file: MakeFile) -> None:
    body = os.urandom(17 * MIB)
    held = hold(dashboard, SECOND_PART)
    puts = watch_puts(dashboard)
    choose(dashboard, make_file("film.mov", body))
    row = row_of(dashboard, "film.mov")
    with dashboard.expect_request_finished(lambda request: "partNumber=1&" in request.url):
        pass
    row.get_by_role("button", name="Pause").click()
    expect_state(row, "paused")
    expect(row.get_by_role("button", name="Resume")).to_be_focused()
    assert dashboard.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    held.end()
    row.get_by_role("button", name="Resume").click()
    expect_state(row, "ready")
    assert bytes_of("film.mov") == body
    assert parts_in(puts).count("1") == 1
    assert parts_in(puts).count("2") == 2
    assert Upload.objects.count() == 1


def test_a_part_that_is_nearly_through_arrives_before_its_file_stands_still(
    dashboard: Page, make_file: MakeFile
) -> None:
    line = dashboard.context.new_cdp_session(dashboard)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_500_000}
    line.send("Network.emulateNetworkConditions", slow)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)))
    bar = row_of(dashboard, "film.mov").get_by_role("progressbar")
    # More than half of the first of parts of 5 MiB, of which no other travels yet.
    until(dashboard, lambda: float(bar.get_attribute("value") or 0) * 17 * MIB > 3 * MIB)
    # It stays on its way until the button is pressed, however long that takes on a busy machine.
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": 50_000})
    row_of(dashboard, "film.mov").get_by_role("button", name="Pause").click()
    line.send("Network.emulateNetworkConditions", slow)
    expect_state(row_of(dashboard, "film.mov"), "paused")
    until(dashboard, lambda: [part.number for part in Upload.objects.get().stored_parts()] == [1])
    dashboard.wait_for_timeout(3000)
    assert [part.number for part in Upload.objects.get().stored_parts()] == [1]
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    row_of(dashboard, "film.mov").get_by_role("button", name="Resume").click()
    expect_state(row_of(dashboard, "film.mov"), "ready")


def test_all_are_paused_and_resumed_together(dashboard: Page, make_file: MakeFile) -> None:
    held = hold(dashboard, PARTS)
    films = [make_file(f"{number}.mov", os.urandom(17 * MIB)) for number in range(5)]
    choose(dashboard, *films)
    batch_of(dashboard).get_by_role("button", name="Pause").click()
    expect(dashboard.locator(".upload-row[data-state=paused]")).to_have_count(5)
    expect(dashboard.get_by_role("heading", name="Paused")).to_be_visible()
    held.end()
    batch_of(dashboard).get_by_role("button", name="Resume").click()
    expect(dashboard.locator(".upload-row[data-state=ready]")).to_have_count(5)
    assert bytes_of("4.mov") == films[4].read_bytes()
    assert Upload.objects.count() == 5


def test_a_paused_file_can_be_cancelled(dashboard: Page, make_file: MakeFile) -> None:
    hold(dashboard, PARTS)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)))
    row = row_of(dashboard, "film.mov")
    with dashboard.expect_request(lambda request: request.method == "PUT"):
        pass
    row.get_by_role("button", name="Pause").click()
    with dashboard.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
        row.get_by_role("button", name="Cancel").click()
    assert answer.value.status == 204
    assert Upload.objects.get().state == Upload.State.CANCELLED
    assert dashboard.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")
