"""A person cancels what is on its way."""

import json
import os
from typing import Any

from django.conf import settings
from playwright.sync_api import Dialog, Page, Route, expect

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from tests.e2e.conftest import MakeFile
from tests.e2e.interception import hold
from tests.e2e.upload_page import MIB, batch_of, choose, expect_state, row_of, until, wait_for_an_empty_quota
from tests.people import RunTasks

PARTS = "*/files/*partNumber*"


def test_cancelling_stops_the_bytes_and_gives_the_quota_back(
    dashboard: Page, make_file: MakeFile, alice: User, run_tasks: RunTasks
) -> None:
    hold(dashboard, PARTS)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)))
    row = row_of(dashboard, "film.mov")
    with dashboard.expect_request(lambda request: request.method == "PUT") as put:
        pass
    with dashboard.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
        row.get_by_role("button", name="Cancel").click()
    assert answer.value.status == 204
    assert put.value.failure == "net::ERR_ABORTED"
    expect(row).to_have_count(0)
    # Once the bucket has dropped its parts, which the worker asks for.
    wait_for_an_empty_quota(dashboard, alice, run_tasks)
    assert Upload.objects.get().state == Upload.State.CANCELLED


def test_a_file_that_waits_its_turn_can_be_cancelled_before_it_begins(
    dashboard: Page, make_file: MakeFile
) -> None:
    dashboard.route("**/api/v1/uploads/", lambda _: None)
    choose(dashboard, *(make_file(f"{number}.mov", b"x" * 17 * MIB) for number in range(4)))
    waiting = dashboard.locator(".upload-row[data-state=waiting]")
    expect(waiting).to_have_count(1)
    waiting.get_by_role("button", name="Cancel").click()
    expect(dashboard.locator(".upload-row")).to_have_count(3)
    expect(dashboard.locator("[data-part=total]")).to_contain_text("0 of 3 files")


def test_all_can_be_cancelled_after_a_question(
    dashboard: Page, make_file: MakeFile, alice: User, run_tasks: RunTasks
) -> None:
    hold(dashboard, PARTS)
    choose(dashboard, *(make_file(f"{number}.mov", os.urandom(17 * MIB)) for number in range(2)))
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.accept()

    dashboard.on("dialog", answer)
    with dashboard.expect_request(lambda request: request.method == "PUT"):
        pass
    batch_of(dashboard).get_by_role("button", name="Cancel").click()
    expect(dashboard.locator(".upload-row")).to_have_count(0)
    assert questions == ["Cancel 2 files? What is uploaded of them is deleted."]
    until(dashboard, lambda: Upload.objects.filter(state=Upload.State.CANCELLED).count() == 2)
    wait_for_an_empty_quota(dashboard, alice, run_tasks)


def test_cancelling_one_lets_the_others_arrive(dashboard: Page, make_file: MakeFile) -> None:
    hold(dashboard, PARTS)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)), make_file("few.txt", b"hello"))
    expect_state(row_of(dashboard, "few.txt"), "ready")
    row_of(dashboard, "film.mov").get_by_role("button", name="Cancel").click()
    expect(dashboard.locator(".upload-row")).to_have_count(1)
    assert [file.name for file in File.objects.ready()] == ["few.txt"]


def test_the_focus_stays_in_the_list(dashboard: Page, make_file: MakeFile) -> None:
    dashboard.route("**/api/v1/uploads/**", lambda _: None)
    choose(dashboard, make_file("1.txt", b"x"), make_file("2.txt", b"x"))
    row_of(dashboard, "1.txt").get_by_role("button", name="Cancel").click()
    expect(row_of(dashboard, "2.txt").get_by_role("button", name="Cancel")).to_be_focused()


def test_a_cancelled_form_says_that_its_room_comes_back(
    dashboard: Page, make_file: MakeFile, alice: User
) -> None:
    hold(dashboard, f"{settings.BUCKET.endpoint_url}/*")
    choose(dashboard, make_file("few.bin", os.urandom(300_000)))
    row = row_of(dashboard, "few.bin")
    expect(row.get_by_role("button", name="Copy link")).to_be_visible()
    with dashboard.expect_response(lambda answer: answer.request.method == "DELETE"):
        row.get_by_role("button", name="Cancel").click()
    # A form signed for it may still be sent, so that it counts for a while.
    dashboard.reload()
    expect(dashboard.locator("#quota")).to_contain_text("300 kB of it will be free within an hour")


def test_what_cannot_be_cancelled_at_once_is_cancelled_once_the_site_answers(
    dashboard: Page, make_file: MakeFile, alice: User
) -> None:
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if route.request.method == "DELETE" and not refused:
            refused.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    hold(dashboard, PARTS)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)))
    with dashboard.expect_request(lambda request: request.method == "PUT"):
        pass
    dashboard.route("**/api/v1/uploads/*/", refuse_once)
    row_of(dashboard, "film.mov").get_by_role("button", name="Cancel").click()
    until(dashboard, lambda: Upload.objects.get().state == Upload.State.CANCELLED)
    assert refused


def test_an_upload_that_the_site_does_not_cancel_stays_to_be_cancelled(
    dashboard: Page, make_file: MakeFile, alice: User
) -> None:
    hold(dashboard, PARTS)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)))
    with dashboard.expect_request(lambda request: request.method == "PUT"):
        pass
    problem = {"type": "x/refused", "title": "No.", "status": 400, "detail": "Not today."}
    refusal: dict[str, Any] = {
        "status": 400,
        "body": json.dumps(problem),
        "content_type": "application/problem+json",
    }
    dashboard.route(
        "**/api/v1/uploads/*/",
        lambda route: route.fulfill(**refusal) if route.request.method == "DELETE" else route.continue_(),
    )
    row_of(dashboard, "film.mov").get_by_role("button", name="Cancel").click()
    unfinished = dashboard.locator("[data-part=unfinished]")
    expect(unfinished).to_contain_text("Not cancelled yet. Not today.")
    dashboard.unroute("**/api/v1/uploads/*/")
    unfinished.get_by_role("button", name="Cancel").click()
    until(dashboard, lambda: Upload.objects.get().state == Upload.State.CANCELLED)
