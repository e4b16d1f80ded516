"""Faults and gaps of other browsers keep no file back, and a mistake of ours is not told as the network's."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from sharing.files.models import Upload
from tests.e2e.conftest import MakeFile
from tests.e2e.interception import once
from tests.e2e.upload_page import MIB, bytes_of, choose, expect_state, row_of

PARTS = "*/api/v1/uploads/*/parts/"
SECOND_PART = "*/files/*partNumber=2&*"
# As Chromium 116 to 119 do, for all but so many blobs.
WRONG = """{
  const fill = ReadableStreamBYOBReader.prototype.read;
  let blobs = 0;
  ReadableStreamBYOBReader.prototype.read = async function (view) {
    if (!view.byteOffset) blobs += 1;
    const { value, done } = await fill.call(this, view);
    if (blobs > %d && value?.length) value[0] ^= 1;
    return { value, done };
  };
}
"""


def read_wrong(page: Page, after: int) -> None:
    def patch(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=WRONG % after + answer.text())

    page.route("**/hash-worker*.js", patch)


@pytest.fixture
def film(make_file: MakeFile) -> Path:
    return make_file("film.mov", os.urandom(17 * MIB))


def test_a_large_file_arrives_from_an_old_browser(old_dashboard: Page, film: Path) -> None:
    """It has no AbortSignal.any()."""
    choose(old_dashboard, film)
    expect(old_dashboard.locator(".upload-row[data-state=ready]")).to_have_count(1)
    assert bytes_of("film.mov") == film.read_bytes()


@pytest.mark.parametrize("size", [300_000, 17 * MIB])
def test_a_browser_that_fills_buffers_wrong_sends_right_bytes(
    dashboard: Page, make_file: MakeFile, size: int
) -> None:
    read_wrong(dashboard, after=0)
    film = make_file("film.mov", os.urandom(size))
    choose(dashboard, film)
    row = row_of(dashboard, "film.mov")
    expect_state(row, "ready")
    expect(row).to_contain_text("Uploaded, every byte verified")
    assert bytes_of("film.mov") == film.read_bytes()
    assert Upload.objects.count() == 1


def test_after_one_damaged_part_it_is_hashed_in_another_way_and_begun_afresh(
    dashboard: Page, film: Path
) -> None:
    """Each of two workers reads a first part right, and is trusted."""
    read_wrong(dashboard, after=1)
    choose(dashboard, film)
    row = row_of(dashboard, "film.mov")
    expect_state(row, "ready")
    expect(row).to_contain_text("Uploaded, every byte verified")
    assert bytes_of("film.mov") == film.read_bytes()
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["cancelled", "complete"]


def test_a_mistake_of_ours_is_said_to_be_ours(
    dashboard: Page, make_file: MakeFile, complaints: list[str]
) -> None:
    dashboard.evaluate("() => { window.Request = undefined; }")
    choose(dashboard, make_file("notes.txt", b"hello"))
    row = row_of(dashboard, "notes.txt")
    expect_state(row, "failed")
    expect(row).to_contain_text("It is our fault")
    expect(row).not_to_contain_text("no answer")
    complaints.clear()
    row.get_by_role("button", name="Reload the page").click()
    dashboard.locator("file-drop:defined").wait_for()
    choose(dashboard, make_file("notes.txt", b"hello"))
    expect_state(row_of(dashboard, "notes.txt"), "ready")


def test_a_worker_that_is_faulty_is_no_missing_answer(
    dashboard: Page, make_file: MakeFile, complaints: list[str]
) -> None:
    dashboard.route(
        "**/hash-worker*.js", lambda route: route.fulfill(body="(", content_type="text/javascript")
    )
    choose(dashboard, make_file("notes.txt", b"hello"))
    expect(row_of(dashboard, "notes.txt")).to_contain_text("It is our fault")
    complaints.clear()


def test_a_refused_part_is_signed_again(dashboard: Page, film: Path) -> None:
    signed: list[str] = []
    dashboard.on("request", lambda request: signed.append(request.url) if "/parts/" in request.url else None)
    once(dashboard, SECOND_PART, lambda met: met.refuse(403, "AccessDenied"))
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    # The first two together, the others, and the second once more.
    assert len(signed) == 3


def test_signing_in_again_elsewhere_costs_one_refusal(
    dashboard: Page, make_file: MakeFile, site: str
) -> None:
    """The CSRF token is another one from then on; it is learnt once, and held for what comes next."""
    answers: list[int] = []
    dashboard.on(
        "response",
        lambda answer: answers.append(answer.status) if "/api/v1/" in answer.url else None,
    )
    (cookie,) = (
        cookie for cookie in dashboard.context.cookies() if cookie["name"] == settings.CSRF_COOKIE_NAME
    )
    dashboard.context.add_cookies([{"name": cookie["name"], "value": "a" * 32, "url": site}])
    for name in ("one.txt", "two.txt"):
        choose(dashboard, make_file(name, b"hello"))
        expect_state(row_of(dashboard, name), "ready")
    assert answers.count(403) == 1
