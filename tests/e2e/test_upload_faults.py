"""The way breaks: the upload goes on by itself, sends no more than it must, or says what to do."""

import json
import os

import pytest
from playwright.sync_api import Page, Request, expect

from sharing.accounts.models import User
from sharing.files.models import Upload
from tests.e2e.conftest import MakeFile
from tests.e2e.interception import Intercept, Met, once
from tests.e2e.upload_page import MIB, bytes_of, choose, expect_state, parts_in, row_of, until, watch_puts

pytestmark = pytest.mark.slow

BUCKET = "*/waybill"
COMPLETION = "*/completion/"
SECOND_PART = "*/files/*partNumber=2*"


def refuse_once(page: Page, address: str, status: int, code: str) -> None:
    """The bucket's next answer at this address is an error."""
    once(page, address, lambda met: met.refuse(status, code))


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (403, "AccessDenied"), (400, "BadDigest")])
def test_a_part_that_fails_is_sent_again_and_no_other(
    dashboard: Page, make_file: MakeFile, status: int, code: str
) -> None:
    body = os.urandom(17 * MIB)
    puts = watch_puts(dashboard)
    refuse_once(dashboard, SECOND_PART, status, code)
    choose(dashboard, make_file("film.mov", body))
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert bytes_of("film.mov") == body
    assert parts_in(puts) == ["1", "2", "2", "3", "4"]


def test_a_dropped_connection_is_no_end(dashboard: Page, make_file: MakeFile) -> None:
    once(dashboard, SECOND_PART, lambda met: met.abort("ConnectionReset"))
    body = os.urandom(17 * MIB)
    choose(dashboard, make_file("film.mov", body))
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert bytes_of("film.mov") == body


# A form whose fields arrive damaged may be refused for anything, as being no form at all.
@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "AccessDenied"), (503, "SlowDown"), (400, "BadDigest"), (400, "MalformedPOSTRequest")],
)
def test_a_small_file_that_is_refused_is_sent_again(
    dashboard: Page, make_file: MakeFile, status: int, code: str
) -> None:
    refuse_once(dashboard, BUCKET, status, code)
    choose(dashboard, make_file("few.txt", b"hello"))
    expect_state(row_of(dashboard, "few.txt"), "ready")
    assert bytes_of("few.txt") == b"hello"


def about_an_upload(address: str) -> bool:
    """Not the word to the site that this browser is sending."""
    return "/api/v1/uploads/" in address and not address.endswith("/sending/")


def test_what_is_refused_is_signed_afresh(dashboard: Page, make_file: MakeFile) -> None:
    signed: list[str] = []
    dashboard.on(
        "request",
        lambda request: signed.append(request.method) if about_an_upload(request.url) else None,
    )
    refuse_once(dashboard, BUCKET, 403, "AccessDenied")
    choose(dashboard, make_file("few.txt", b"hello"))
    expect_state(row_of(dashboard, "few.txt"), "ready")
    assert signed == ["POST", "GET", "POST"]


def test_parts_that_the_bucket_lost_are_sent_again(dashboard: Page, make_file: MakeFile) -> None:
    def lose_the_second(met: Met) -> None:
        problem = {"type": "/problems/not-arrived", "title": "Conflict", "status": 409, "missing": [2]}
        met.answer(409, "application/problem+json", json.dumps(problem))

    once(dashboard, COMPLETION, lose_the_second)
    puts = watch_puts(dashboard)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)))
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert parts_in(puts) == ["1", "2", "2", "3", "4"]


def test_an_app_that_is_started_again_is_waited_for(dashboard: Page, make_file: MakeFile) -> None:
    once(dashboard, COMPLETION, lambda met: met.abort("ConnectionRefused"))
    choose(dashboard, make_file("few.txt", b"hello"))
    expect_state(row_of(dashboard, "few.txt"), "ready")


def test_a_refusal_that_stays_ends_with_words_and_retry_goes_on(dashboard: Page, make_file: MakeFile) -> None:
    refusing = Intercept(dashboard, SECOND_PART, lambda met: met.refuse(403, "AccessDenied"))
    body = os.urandom(17 * MIB)
    choose(dashboard, make_file("film.mov", body))
    row = row_of(dashboard, "film.mov")
    expect_state(row, "failed")
    expect(row).to_contain_text("The storage refused the file (AccessDenied). What is uploaded is kept.")
    refusing.end()
    puts = watch_puts(dashboard)
    row.get_by_role("button", name="Retry").click()
    expect_state(row, "ready")
    assert bytes_of("film.mov") == body
    assert "1" not in parts_in(puts)
    assert Upload.objects.count() == 1


def test_a_full_quota_is_said_before_a_byte_travels(
    dashboard: Page, make_file: MakeFile, alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(quota=3)
    choose(dashboard, make_file("few.txt", b"hello"))
    row = row_of(dashboard, "few.txt")
    expect_state(row, "failed")
    User.objects.filter(pk=alice.pk).update(quota=5)
    row.get_by_role("button", name="Retry").click()
    expect_state(row, "ready")


def test_a_failure_is_spoken_with_the_file_and_the_reason(
    dashboard: Page, alice: User, make_file: MakeFile
) -> None:
    User.objects.filter(pk=alice.pk).update(quota=10)
    choose(dashboard, make_file("large.txt", b"hello world, hello"))
    row = row_of(dashboard, "large.txt")
    expect_state(row, "failed")
    voice = dashboard.locator("file-drop [data-part=voice]")
    expect(voice).to_contain_text(f"large.txt: {row.locator('[data-part=problem]').inner_text()}")
    expect(voice).to_have_attribute("role", "status")


def test_a_name_that_cannot_be_kept_is_explained_and_not_retried(dashboard: Page) -> None:
    dashboard.locator("file-drop input[type=file]").set_input_files(
        {"name": "x" * 300, "mimeType": "text/plain", "buffer": b"x"}
    )
    row = dashboard.locator(".upload-row")
    expect_state(row, "failed")
    expect(row).to_contain_text("255 are allowed. Shorten it.")
    expect(row.get_by_role("button", name="Retry")).to_be_hidden()
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)


def test_somebody_signed_out_meanwhile_is_told_so(dashboard: Page, make_file: MakeFile) -> None:
    dashboard.context.clear_cookies()
    choose(dashboard, make_file("few.txt", b"hello"))
    expect(row_of(dashboard, "few.txt")).to_contain_text("You are signed out. What is uploaded is kept.")


def test_offline_it_waits_and_goes_on_by_itself(dashboard: Page, make_file: MakeFile) -> None:
    dashboard.context.set_offline(True)
    choose(dashboard, make_file("few.txt", b"hello"))
    row = row_of(dashboard, "few.txt")
    expect(row).to_contain_text("Offline. Resumes by itself.")
    dashboard.context.set_offline(False)
    expect_state(row, "ready")
    assert bytes_of("few.txt") == b"hello"


def test_a_request_that_stands_still_is_sent_again(timed_dashboard: Page, make_file: MakeFile) -> None:
    """A dead connection that nobody calls dead; 15 s are given to it after a laptop has slept, else 120 s."""
    timed_dashboard.clock.install()
    timed_dashboard.reload()
    timed_dashboard.locator("file-drop:defined").wait_for()
    once(timed_dashboard, SECOND_PART, lambda _: None)
    body = os.urandom(17 * MIB)
    puts = watch_puts(timed_dashboard)
    ended: list[Request] = []
    timed_dashboard.on("requestfinished", lambda request: ended.append(request) if request in puts else None)
    choose(timed_dashboard, make_file("film.mov", body))
    row = row_of(timed_dashboard, "film.mov")
    # Their ends, seen after the sleep, would tell that the network lives.
    until(timed_dashboard, lambda: parts_in(ended) == ["1", "3", "4"])
    expect(row).to_contain_text("12.6 of 17.8 MB")
    # The laptop sleeps, and wakes.
    timed_dashboard.clock.fast_forward(200_000)
    timed_dashboard.clock.fast_forward(20_000)
    expect_state(row, "ready")
    assert bytes_of("film.mov") == body
    assert parts_in(puts) == ["1", "2", "2", "3", "4"]
