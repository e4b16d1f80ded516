"""A sign-out, and a refusal of the bucket for a reason, are told as such, and not as an outage."""

import json
import os

import pytest
from playwright.sync_api import Page, expect

from sharing.links.models import Link
from tests.e2e.conftest import MakeFile
from tests.e2e.interception import Intercept, Met
from tests.e2e.upload_page import MIB, batch_of, choose, expect_state, row_of

REFUSAL = {
    "type": "/problems/bucket-refused",
    "title": "Bad Gateway",
    "status": 502,
    "detail": "The bucket refused it (AccessDenied). What has arrived is kept.",
}


@pytest.mark.parametrize("address", ["*/parts/", "*/completion/"])
def test_what_the_bucket_refuses_by_the_api_ends_with_its_reason_at_once(
    dashboard: Page, make_file: MakeFile, address: str
) -> None:
    asked: list[Met] = []

    def refuse(met: Met) -> None:
        asked.append(met)
        met.answer(502, "application/problem+json", json.dumps(REFUSAL))

    Intercept(dashboard, address, refuse)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)))
    row = row_of(dashboard, "film.mov")
    expect_state(row, "failed")
    expect(row).to_contain_text("The bucket refused it (AccessDenied).")
    expect(row.get_by_role("button", name="Retry")).to_be_visible()
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(507, "XMinioStorageFull"), (403, "QuotaExceeded"), (400, "EntityTooLarge"), (501, "NotImplemented")],
)
def test_what_the_bucket_refuses_for_good_is_named_and_not_sent_again_and_again(
    dashboard: Page, make_file: MakeFile, status: int, code: str
) -> None:
    asked: list[Met] = []

    def refuse(met: Met) -> None:
        asked.append(met)
        met.refuse(status, code)

    Intercept(dashboard, "*/files/*partNumber=1&*", refuse)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)))
    row = row_of(dashboard, "film.mov")
    expect_state(row, "failed")
    expect(row).to_contain_text(f"The storage refused the file ({code}).")
    assert len(asked) == 1


@pytest.mark.parametrize("how", ["cookies gone", "sent to another page"])
def test_copying_a_link_while_signed_out_says_so(dashboard: Page, make_file: MakeFile, how: str) -> None:
    choose(dashboard, make_file("few.txt", b"hello"), make_file("more.txt", b"hello"))
    expect(dashboard.locator(".upload-row[data-state=ready]")).to_have_count(2)
    if how == "cookies gone":
        dashboard.context.clear_cookies()
    else:
        elsewhere = {"Location": "https://sign-in.example.com/"}
        dashboard.route("**/api/v1/**", lambda route: route.fulfill(status=302, headers=elsewhere))
    row = row_of(dashboard, "few.txt")
    row.get_by_role("button", name="Copy link").click()
    expect(row).to_contain_text(
        "The link could not be created. You are signed out. Sign in again in another tab"
    )
    batch_of(dashboard).get_by_role("button", name="Copy link").click()
    said = batch_of(dashboard).get_by_role("status")
    expect(said).to_contain_text(
        "The link could not be created. You are signed out. Sign in again in another tab"
    )
    assert not Link.objects.exists()


def test_signed_in_again_in_another_tab_this_one_goes_on(dashboard: Page, make_file: MakeFile) -> None:
    """The token of a page that was opened before is renewed once, for all that follows."""
    refused: list[Met] = []

    def refuse_the_old_token(met: Met) -> None:
        if met.header("X-CSRFToken") == old:
            refused.append(met)
            met.answer(403, "application/json", "{}")
        else:
            met.go_on()

    old = dashboard.locator("file-drop").get_attribute("data-csrf-token")
    Intercept(dashboard, "*/api/v1/*", refuse_the_old_token)
    choose(dashboard, make_file("one.txt", b"hello"))
    expect_state(row_of(dashboard, "one.txt"), "ready")
    before = len(refused)
    choose(dashboard, make_file("two.txt", b"hello"))
    expect_state(row_of(dashboard, "two.txt"), "ready")
    assert before > 0
    assert len(refused) == before
