"""A link's options beside what was just dropped: a password in two clicks, a mail in three, all on one page."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from sharing.links.models import Link
from tests.e2e.conftest import MakeFile
from tests.e2e.interception import hold
from tests.e2e.upload_page import batch_of, choose, expect_state, row_of, until
from tests.people import RunTasks


@pytest.fixture
def page(dashboard: Page) -> Page:
    dashboard.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return dashboard


def panel(page: Page) -> Locator:
    return page.locator(".link-panel:visible")


def open_panel(row: Locator, page: Page) -> Locator:
    row.get_by_role("button", name="Link options").click()
    expect(page.get_by_label("Title (optional)")).to_be_focused()
    return panel(page)


def copied_from(page: Page) -> str:
    expect(panel(page).get_by_text("Link copied")).to_be_visible()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


def test_a_file_gets_a_link_with_a_password_in_two_clicks(page: Page, make_file: MakeFile) -> None:
    choose(page, make_file("few.txt", b"hello"))
    expect_state(row_of(page, "few.txt"), "ready")
    options = open_panel(row_of(page, "few.txt"), page)
    options.get_by_label("Password").fill("open sesame")
    options.get_by_role("button", name="Copy link").click()
    copied = copied_from(page)
    link = Link.objects.get()
    assert copied.endswith(link.path_by(link.token))
    assert link.password
    stranger = page.context.new_page()
    stranger.goto(urlsplit(copied).path)
    expect(stranger.get_by_role("textbox", name="Password")).to_be_visible()


def test_a_drop_is_mailed_in_three_clicks(page: Page, make_file: MakeFile, run_tasks: RunTasks) -> None:
    choose(page, make_file("a.txt", b"a"), make_file("b.txt", b"b"))
    options = open_panel(batch_of(page), page)
    options.get_by_label("Email to").fill("bob@example.net, eve@example.net")
    options.get_by_label("Message").fill("Here they are.")
    options.get_by_role("button", name="Send").click()
    expect(options.get_by_role("status").first).to_contain_text("2 people")
    expect(options.get_by_label("Email to")).to_have_value("")
    link = Link.objects.get()
    assert link.message == "Here they are."
    assert set(link.recipients.values_list("email", flat=True)) == {"bob@example.net", "eve@example.net"}
    run_tasks()
    until(page, lambda: len(mail.outbox) == 2)


def test_options_of_a_link_that_was_copied_before_change_it(page: Page, make_file: MakeFile) -> None:
    choose(page, make_file("few.txt", b"hello"))
    row = row_of(page, "few.txt")
    row.get_by_role("button", name="Copy link").click()
    expect(row.get_by_text("Link copied")).to_be_visible()
    options = open_panel(row, page)
    options.get_by_label("Downloads per file").fill("3")
    options.get_by_label("Title").fill("Plans")
    options.get_by_label("Available until").select_option("day")
    options.get_by_role("button", name="Copy link").click()
    copied_from(page)
    until(page, lambda: Link.objects.get().download_limit == 3)
    assert Link.objects.get().title == "Plans"


def test_a_rule_that_is_refused_is_marked_and_no_link_is_made(page: Page, make_file: MakeFile) -> None:
    choose(page, make_file("few.txt", b"hello"))
    options = open_panel(row_of(page, "few.txt"), page)
    options.get_by_label("Password").fill("abc")
    options.get_by_label("Password").press("Enter")
    expect(options.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(options.get_by_label("Password")).to_be_focused()
    expect(options).to_contain_text("at least 4 characters")
    assert not Link.objects.exists()


def test_an_address_that_is_none_is_marked(page: Page, make_file: MakeFile) -> None:
    choose(page, make_file("few.txt", b"hello"))
    options = open_panel(row_of(page, "few.txt"), page)
    options.get_by_label("Email to").fill("bob@")
    options.get_by_role("button", name="Send").click()
    expect(options.get_by_label("Email to")).to_have_attribute("aria-invalid", "true")
    expect(options.get_by_role("status").first).to_contain_text("Nothing was sent.")


def test_it_stands_ready_while_files_are_on_their_way(page: Page, make_file: MakeFile) -> None:
    held = hold(page, "*/completion/")
    choose(page, make_file("few.txt", b"hello"))
    options = open_panel(row_of(page, "few.txt"), page)
    options.get_by_label("Password").fill("open sesame")
    options.get_by_role("button", name="Copy link").click()
    copied_from(page)
    held.end()
    expect_state(row_of(page, "few.txt"), "ready")
    expect(options.get_by_label("Password")).to_have_value("open sesame")


def test_a_link_gets_an_expiry_of_any_date(page: Page, make_file: MakeFile) -> None:
    choose(page, make_file("few.txt", b"hello"))
    expect_state(row_of(page, "few.txt"), "ready")
    options = open_panel(row_of(page, "few.txt"), page)
    options.get_by_label("Available until").select_option("date")
    day = options.get_by_label("Date and time (in your time zone)")
    expect(day).to_be_focused()
    options.get_by_role("button", name="Copy link").click()
    assert not Link.objects.exists()
    chosen = (timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    written = page.evaluate(
        "at => new Date(at - new Date(at).getTimezoneOffset() * 60000).toISOString().slice(0, 16)",
        chosen.timestamp() * 1000,
    )
    day.fill(written)
    options.get_by_role("button", name="Copy link").click()
    copied_from(page)
    assert Link.objects.get().expires_at == chosen
    options.get_by_label("Available until").select_option("day")
    expect(day).to_be_hidden()
    options.get_by_role("button", name="Copy link").click()
    until(page, lambda: Link.objects.get().expires_at != chosen)
