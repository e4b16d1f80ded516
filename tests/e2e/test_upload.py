"""A person drops or picks files: they travel into the bucket, whole."""

import os
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from sharing.files.models import File, Upload
from sharing.links.models import Link
from tests.e2e.conftest import MakeFile, NewContext
from tests.e2e.interception import once
from tests.e2e.upload_page import MIB, bytes_of, choose, expect_state, row_of, send_empty

# It reads as "….exe.jpg" wherever the mark in it is obeyed.
TRICKY_NAME = 'résumé 日本語 "x" \u202egpj.exe'

DROP = """(files) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name));
  for (const type of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }
}"""


# So much of a file is kept in memory between hashing and sending.
KEPT = 256 * 1024

READ_FORM = """async ([fields, text]) => {
  const { formOf } = await import("/static/js/uploads/transport.js");
  const bytes = new TextEncoder().encode(text);
  const { body, headers } = formOf(fields, bytes.buffer);
  const found = [...await new Response(body, { headers }).formData()];
  const file = found.at(-1)[1];
  return { fields: found.slice(0, -1), name: file.name, same: await file.text() === text };
}"""


@pytest.mark.parametrize(
    ("name", "body"),
    [
        *(("empty.bin", b""), ("few.txt", b"hello"), (TRICKY_NAME, b"MZ"), ("limit.bin", b"x" * 16 * MIB)),
        *(("kept.bin", b"x" * KEPT), ("not kept.bin", b"x" * (KEPT + 1))),
    ],
)
def test_a_small_file_arrives_whole(dashboard: Page, make_file: MakeFile, name: str, body: bytes) -> None:
    choose(dashboard, make_file(name, body))
    if not body:
        send_empty(dashboard)
    expect_state(dashboard.locator(".upload-row"), "ready")
    assert bytes_of(name) == body
    assert File.objects.get().check_made == File.Check.SHA256


@pytest.mark.parametrize("text", ["", "hello", "--\r\n--waybill-\r\n"])
def test_a_form_in_memory_reads_as_one_that_the_browser_made(dashboard: Page, text: str) -> None:
    fields = {"key": "files/ab", "Content-Type": "text/plain; charset=utf-8", "policy": "eyJ9=="}
    read = dashboard.evaluate(READ_FORM, [fields, text])
    assert read["fields"] == [[name, value] for name, value in fields.items()]
    assert (read["name"], read["same"]) == ("file", True)


def test_a_large_file_travels_in_parts_and_arrives_whole(dashboard: Page, make_file: MakeFile) -> None:
    body = os.urandom(40 * MIB)
    film = make_file("film.mov", body)
    os.utime(film, (1_614_834_367, 1_614_834_367))
    choose(dashboard, film)
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert bytes_of("film.mov") == body
    assert File.objects.get().modified_at == datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert Upload.objects.get().parts.count() == 8
    assert File.objects.get().check_made == File.Check.SHA256


def test_a_name_cannot_pretend_to_be_another(dashboard: Page, make_file: MakeFile) -> None:
    choose(dashboard, make_file(TRICKY_NAME, b"MZ"))
    name = dashboard.locator(".upload-row bdi")
    expect(name).to_have_text('résumé 日本語 "x" [U+202E]gpj.exe')
    expect_state(dashboard.locator(".upload-row"), "ready")


def test_a_name_is_text_and_never_markup(dashboard: Page, make_file: MakeFile) -> None:
    name = "<img src=x onerror=alert(1)>.txt"
    choose(dashboard, make_file(name, b"x"))
    expect(dashboard.locator(".upload-row bdi")).to_have_text(name)
    expect_state(dashboard.locator(".upload-row"), "ready")
    expect(dashboard.locator("main img")).to_have_count(0)


def test_files_dropped_anywhere_on_the_page_arrive(dashboard: Page) -> None:
    dashboard.evaluate(DROP, [["one.txt", "1"], ["two.txt", "22"], ["three.txt", "333"]])
    expect(dashboard.locator(".upload-row[data-state=ready]")).to_have_count(3)
    expect(dashboard.locator("file-drop")).not_to_have_attribute("data-dragging", "")
    assert [bytes_of(name) for name in ("one.txt", "two.txt", "three.txt")] == [b"1", b"22", b"333"]


def test_dragging_files_over_the_page_shows_where_they_go(dashboard: Page) -> None:
    dashboard.evaluate(DROP.replace(', "dragover", "drop"', ""), [["one.txt", "1"]])
    expect(dashboard.locator("file-drop")).to_have_attribute("data-dragging", "")


def test_what_arrived_is_in_the_list_without_a_reload(dashboard: Page, make_file: MakeFile) -> None:
    choose(dashboard, make_file("few.txt", b"hello"))
    expect(dashboard.locator("#files")).to_contain_text("few.txt")


def test_the_link_is_one_click_away(
    dashboard: Page, make_file: MakeFile, new_alice_context: NewContext
) -> None:
    dashboard.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(dashboard, make_file("few.txt", b"hello"))
    row = row_of(dashboard, "few.txt")
    row.get_by_role("button", name="Copy link").click()
    expect(row).to_contain_text("Link copied")
    link = Link.objects.get()
    assert dashboard.evaluate("navigator.clipboard.readText()") == link.url
    assert row.get_by_label("Link to few.txt").input_value() == link.url
    expect(dashboard.locator("#links")).to_contain_text("few.txt")
    expect(row.get_by_role("link", name="Change or email link")).to_have_attribute(
        "href", link.get_absolute_url()
    )
    visitor = new_alice_context().new_page()
    visitor.context.clear_cookies()
    visitor.goto(urlsplit(link.url).path)
    expect(visitor.locator("main")).to_contain_text("few.txt")


def test_a_link_that_is_copied_again_is_the_same_and_one_that_failed_is_made_then(
    dashboard: Page, make_file: MakeFile
) -> None:
    once(dashboard, "*/api/v1/links/", lambda request: request.answer(503, "text/plain", "Away."))
    choose(dashboard, make_file("few.txt", b"hello"))
    row = row_of(dashboard, "few.txt")
    row.get_by_role("button", name="Copy link").click()
    expect(row).to_contain_text("The link could not be created.")
    addresses = set()
    for _ in range(2):
        row.get_by_role("button", name="Copy link").click()
        expect(row).to_contain_text("Link copied")
        expect(row.get_by_role("button", name="Copy link")).to_be_enabled()
        addresses.add(row.get_by_label("Link to few.txt").input_value())
    assert addresses == {Link.objects.get().url}


def test_progress_is_told_in_the_title_of_the_tab(dashboard: Page, make_file: MakeFile) -> None:
    title = dashboard.title()
    dashboard.route("**/completion/", lambda _: None)
    choose(dashboard, make_file("few.txt", b"hello"))
    expect_state(row_of(dashboard, "few.txt"), "finishing")
    expect(dashboard).to_have_title(f"99% · {title}")
    assert dashboard.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    dashboard.unroute("**/completion/")


def test_the_page_can_be_left_when_nothing_moves(dashboard: Page, make_file: MakeFile) -> None:
    choose(dashboard, make_file("few.txt", b"hello"))
    expect_state(row_of(dashboard, "few.txt"), "ready")
    assert dashboard.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def test_without_checksums_a_file_arrives_too(dashboard: Page, make_file: MakeFile) -> None:
    """Plain HTTP away from localhost has no crypto.subtle."""
    dashboard.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    dashboard.reload()
    dashboard.locator("file-drop:defined").wait_for()
    body = os.urandom(17 * MIB)
    choose(dashboard, make_file("film.mov", body), make_file("few.txt", b"hello"))
    expect(dashboard.locator(".upload-row[data-state=ready]")).to_have_count(2)
    assert (bytes_of("film.mov"), bytes_of("few.txt")) == (body, b"hello")
    assert set(File.objects.values_list("check_made", flat=True)) == {File.Check.SIZE}


def test_a_thousand_files_at_once_show_no_more_rows_than_a_page_can_bear(dashboard: Page) -> None:
    dashboard.route("**/api/v1/uploads/**", lambda _: None)
    dashboard.evaluate(DROP, [[f"{number}.txt", "x"] for number in range(1000)])
    expect(dashboard.locator("[data-part=total]")).to_contain_text("0 of 1,000 files")
    expect(dashboard.locator(".upload-row")).to_have_count(0)
    dashboard.get_by_role("button", name="0.txt and 999 more").click()
    expect(dashboard.locator(".upload-row")).to_have_count(100)
    expect(dashboard.locator("[data-part=files-rest]")).to_have_text("and 900 more files")


def test_without_javascript_a_plain_form_does_the_same(
    new_alice_context: NewContext,
) -> None:
    page = new_alice_context(java_script_enabled=False).new_page()
    page.goto("/")
    expect(page.locator(".drop")).to_be_hidden()
    page.get_by_label("File name").fill("few.txt")
    page.get_by_role("button", name="Continue").click()
    assert Upload.objects.get().is_plain
    expect(page).to_have_url(f"{page.url.split('/uploads/')[0]}/uploads/{Upload.objects.get().pk}/")
