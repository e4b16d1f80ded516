"""Every page of those who send, in each of its states: what moves and what is kept."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from sharing.accounts.models import User
from sharing.files.models import OwnerSender, Upload
from tests.e2e.accessibility.page_checker import PageChecker
from tests.e2e.accessibility.states import FULL_PAGE, LONG, links_in_every_state
from tests.e2e.upload_page import batch_of, choose, expect_state, row_of
from tests.factories import link_to, recorded_file, started_upload

pytestmark = pytest.mark.slow


def test_the_dashboard(owner: PageChecker, alice: User, bob: User) -> None:
    owner.open("/")
    links_in_every_state(alice, bob)
    for number in range(FULL_PAGE + 1):
        link_to(recorded_file(alice, name=f"{number} of many.txt", path="holidays/2025"))
    link_to(recorded_file(alice, name=LONG, path=LONG[:100]))
    recorded_file(alice, name=LONG[:100], size=99_000_000_000)
    Upload.objects.start_plain(name="by hand.odt", sender=OwnerSender(alice))
    for query in (
        "",
        "?q=tax",
        "?q=nothing+like+it",
        "?links-page=2&files-page=2&files-sort=name&links-sort=opens",
    ):
        owner.open(f"/{query}")
    owner.page.get_by_role("button", name="Account").click()
    owner.check("the account's menu")


def test_what_moves_on_the_dashboard(owner: PageChecker, tmp_path: Path) -> None:
    page = owner.page
    page.goto("/")
    page.locator("file-drop:defined").wait_for()
    for name in ("arrived.txt", "refused.txt", "stuck.txt"):
        (tmp_path / name).write_bytes(b"hello")
    choose(page, tmp_path / "arrived.txt")
    row_of(page, "arrived.txt").get_by_role("button", name="Copy link").click()
    expect_state(row_of(page, "arrived.txt"), "ready")
    choose(page, tmp_path / "arrived.txt")
    expect(page.get_by_text("Uploaded before")).to_be_visible()
    User.objects.update(quota=5)
    choose(page, tmp_path / "refused.txt")
    expect_state(row_of(page, "refused.txt"), "failed")
    page.route("**/api/v1/uploads/", lambda _: None)
    choose(page, tmp_path / "stuck.txt")
    expect(row_of(page, "stuck.txt").get_by_role("button", name="Cancel")).to_be_visible()
    owner.check("what moves")


def test_what_is_asked_of_empty_files(owner: PageChecker, tmp_path: Path) -> None:
    page = owner.page
    page.goto("/")
    page.locator("file-drop:defined").wait_for()
    for name in ("data.txt", LONG[:200], "log"):
        (tmp_path / name).write_bytes(b"")
    choose(page, tmp_path / "data.txt")
    expect(page.get_by_role("group", name="Empty files")).to_be_visible()
    owner.check("one empty file")
    choose(page, tmp_path / LONG[:200], tmp_path / "log")
    expect(page.get_by_role("button", name="Leave them out")).to_be_visible()
    owner.check("several empty files")


def test_a_link_to_all_that_moves(owner: PageChecker, tmp_path: Path) -> None:
    page = owner.page
    page.goto("/")
    page.locator("file-drop:defined").wait_for()
    paths = [tmp_path / f"{number} of the minutes.txt" for number in range(3)]
    for path in paths:
        path.write_bytes(b"hello")
    page.route("**/completion/", lambda _: None)
    choose(page, *paths)
    batch_of(page).get_by_role("button", name="Copy link").click()
    expect(batch_of(page).get_by_role("textbox")).to_be_visible()
    owner.check("a link to all that moves")
    page.unroute("**/completion/")


def test_a_file(owner: PageChecker, alice: User) -> None:
    page, file = owner.page, recorded_file(alice, name=LONG, path=LONG[:100])
    owner.open(file.get_absolute_url())
    link_to(file)
    owner.open(file.get_absolute_url())
    page.get_by_text("Delete this file…").click()
    page.get_by_label("Choose a date").check()
    page.get_by_role("button", name="Create link").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    page.get_by_text("Delete this file…").click()
    owner.check("a file, with a form that was refused")
    owner.open(started_upload(alice, 100_000_000).file.get_absolute_url())


def test_a_direct_url(owner: PageChecker, alice: User) -> None:
    page, file = owner.page, recorded_file(alice, name="tax return 2025.pdf", size=812_345)
    page.goto(file.get_absolute_url())
    page.get_by_text("Create direct URL…").click()
    page.get_by_role("radio", name="Custom").last.check()
    owner.check("a direct URL's form")
    page.get_by_label("Seconds", exact=True).fill("604801")
    page.get_by_role("button", name="Create direct URL").click()
    expect(page.locator(".direct-urls .errorlist")).to_be_visible()
    owner.check("a direct URL for too long")
    page.get_by_role("group", name="Works for").get_by_label("1 week").check()
    page.get_by_role("button", name="Create direct URL").click()
    expect(page.get_by_label("Direct URL (shown only once)")).to_be_visible()
    file.create_direct_url(seconds=60)
    owner.check("a direct URL that was made")
    page.goto(file.get_absolute_url())
    page.get_by_role("button", name="Revoke all 2").click()
    expect(page.get_by_text("Earlier URLs are being revoked")).to_be_visible()
    owner.check("direct URLs that are being revoked")


def test_the_trash(owner: PageChecker, alice: User) -> None:
    page, file = owner.page, recorded_file(alice, name="tax return 2025.pdf", size=812_345)
    owner.open("/trash/")
    link_to(file)
    page.goto(file.get_absolute_url())
    page.get_by_text("Delete this file…").click()
    page.get_by_role("button", name="Delete file").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    owner.check("the dashboard after deleting")
    for number in range(FULL_PAGE + 1):
        recorded_file(alice, name=f"{number} of many.txt", path="holidays/2025").delete_by(alice)
    recorded_file(alice, name=LONG, path=LONG[:100], size=99_000_000_000).delete_by(alice)
    page.goto("/trash/")
    page.get_by_text("Delete now…").first.click()
    page.get_by_text("Empty trash…").click()
    owner.check("the trash, with all that can be done")
    page.get_by_role("button", name="Empty trash").click()
    expect(page.get_by_text("Trash emptied: 13 files")).to_be_visible()
    owner.check("the trash, emptied")


def test_an_upload(owner: PageChecker, alice: User) -> None:
    plain = Upload.objects.start_plain(name=LONG, sender=OwnerSender(alice))
    owner.open(plain.file.get_absolute_url())
    owner.open(plain.get_absolute_url())
    owner.open(f"{plain.get_absolute_url()}?etag=x")
    owner.open(started_upload(alice, 100_000_000).get_absolute_url())
    plain.cancel(by=alice)
    owner.open(plain.get_absolute_url())
