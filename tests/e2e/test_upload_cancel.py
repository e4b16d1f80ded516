"""A person cancels what is on its way."""

import os

from playwright.sync_api import Dialog, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from tests.e2e.conftest import MakeFile
from tests.e2e.intercepting import hold
from tests.e2e.uploading import MIB, choose, expect_state, row_of, until

PARTS = "*/files/*partNumber*"


def test_cancelling_stops_the_bytes_and_gives_the_quota_back(
    dashboard: Page, make_file: MakeFile, alice: User
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
    alice.refresh_from_db()
    assert (Upload.objects.get().state, alice.used_bytes) == (Upload.State.CANCELLED, 0)


def test_a_file_that_waits_its_turn_can_be_cancelled_before_it_begins(
    dashboard: Page, make_file: MakeFile
) -> None:
    dashboard.route("**/api/v1/uploads/", lambda _: None)
    choose(dashboard, *(make_file(f"{number}.mov", b"x" * 17 * MIB) for number in range(4)))
    waiting = dashboard.locator(".moving-item[data-state=waiting]")
    expect(waiting).to_have_count(1)
    waiting.get_by_role("button", name="Cancel").click()
    expect(dashboard.locator(".moving-item")).to_have_count(3)
    expect(dashboard.locator("[data-part=total]")).to_contain_text("0 of 3 files")


def test_all_can_be_cancelled_after_a_question(dashboard: Page, make_file: MakeFile, alice: User) -> None:
    hold(dashboard, PARTS)
    choose(dashboard, *(make_file(f"{number}.mov", os.urandom(17 * MIB)) for number in range(2)))
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.accept()

    dashboard.on("dialog", answer)
    with dashboard.expect_request(lambda request: request.method == "PUT"):
        pass
    dashboard.get_by_role("button", name="Cancel all").click()
    expect(dashboard.locator(".moving-item")).to_have_count(0)
    assert questions == ["Cancel 2 files? What has arrived of them is dropped."]
    until(dashboard, lambda: User.objects.get(pk=alice.pk).used_bytes == 0)


def test_cancelling_one_lets_the_others_arrive(dashboard: Page, make_file: MakeFile) -> None:
    hold(dashboard, PARTS)
    choose(dashboard, make_file("film.mov", os.urandom(17 * MIB)), make_file("few.txt", b"hello"))
    expect_state(row_of(dashboard, "few.txt"), "ready")
    row_of(dashboard, "film.mov").get_by_role("button", name="Cancel").click()
    expect(dashboard.locator(".moving-item")).to_have_count(1)
    assert [file.name for file in File.objects.ready()] == ["few.txt"]


def test_the_focus_stays_in_the_list(dashboard: Page, make_file: MakeFile) -> None:
    dashboard.route("**/api/v1/uploads/**", lambda _: None)
    choose(dashboard, make_file("1.txt", b"x"), make_file("2.txt", b"x"))
    row_of(dashboard, "1.txt").get_by_role("button", name="Cancel").click()
    expect(row_of(dashboard, "2.txt").get_by_role("button", name="Cancel")).to_be_focused()
