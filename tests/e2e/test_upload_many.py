"""Many small files: few round trips to the app, and each file for itself."""

import re

from playwright.sync_api import FilePayload, Page, expect

from sharing.files.models import File
from tests.e2e.conftest import MakeFile
from tests.e2e.interception import hold
from tests.e2e.upload_page import MIB, batch_of, choose, expect_state, row_of

DROP_MANY = """(count) => {
  const files = Array.from({ length: count }, (_, index) => new File([`number ${index}`], `${index}.txt`));
  const dataTransfer = { types: ["Files"], items: files.map((file) => ({ kind: "file", getAsFile: () => file })) };
  const event = new Event("drop", { bubbles: true, cancelable: true });
  document.body.dispatchEvent(Object.assign(event, { dataTransfer }));
}"""


def test_a_hundred_files_cost_a_few_round_trips(dashboard: Page) -> None:
    asked: list[str] = []
    dashboard.on("request", lambda request: asked.append(request.url) if "/api/v1/" in request.url else None)
    dashboard.evaluate(DROP_MANY, 100)
    expect(dashboard.locator("[data-part=total]")).to_have_text("100 files uploaded")
    assert File.objects.ready().count() == 100
    assert len(asked) < 30


def test_one_that_cannot_be_kept_does_not_hold_up_the_others(dashboard: Page) -> None:
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("1.txt", "x" * 300, "2.txt")
    ]
    dashboard.locator("file-drop input[type=file]").set_input_files(payloads)
    expect(dashboard.locator("[data-part=total]")).to_have_text("2 files uploaded · 1 failed")
    expect(dashboard.locator(".upload-row[data-state=failed]")).to_contain_text(
        "255 are allowed. Shorten it."
    )


def test_a_small_file_is_not_stuck_behind_large_ones(dashboard: Page, make_file: MakeFile) -> None:
    hold(dashboard, "*/files/*partNumber*")
    choose(dashboard, make_file("film.mov", b"x" * 100 * MIB))
    with dashboard.expect_request(lambda request: "partNumber=1" in request.url):
        pass
    choose(dashboard, make_file("few.txt", b"hello"))
    expect_state(row_of(dashboard, "few.txt"), "ready")
    expect_state(row_of(dashboard, "film.mov"), "uploading")


def test_all_that_failed_are_tried_again_together(dashboard: Page, make_file: MakeFile) -> None:
    # Two that are chosen together are started together, unless the machine is slow.
    announcing = re.compile(r"/api/v1/uploads/(batch/)?$")
    dashboard.route(announcing, lambda route: route.fulfill(status=401, body="{}"))
    choose(dashboard, make_file("1.txt", b"1"), make_file("2.txt", b"2"))
    expect(dashboard.locator(".upload-row[data-state=failed]")).to_have_count(2)
    dashboard.unroute(announcing)
    batch_of(dashboard).get_by_role("button", name="Retry").click()
    expect(dashboard.locator(".upload-row[data-state=ready]")).to_have_count(2)
