"""A file without a byte is sent only at somebody's word: a pipe looks the same to a page."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from sharing.links.models import Link
from sharing.requests.models import FileRequest
from tests.e2e.conftest import MakeFile
from tests.e2e.test_keyboard import tab_to
from tests.e2e.upload_page import (
    MIB,
    batch_of,
    bytes_of,
    choose,
    expect_state,
    pick_folder,
    really_drop,
    row_of,
    send_empty,
    until,
)

ONE = (
    "“data.txt” is empty (0 bytes) and was not sent. "
    "Pipes, and files that are not on this device yet, look the same to a browser."
)


def question(page: Page) -> Locator:
    return page.get_by_role("group", name="Empty files")


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "data.txt"
    os.mkfifo(path)
    return path


@pytest.fixture
def guest_page(page: Page, site: str, alice: User) -> Page:
    asked = FileRequest.objects.make(owner=alice, title="Films", name_asked="off", email_asked="off")
    page.goto(f"{site}{asked.path}")
    page.get_by_role("button", name="Continue").click()
    page.locator("file-drop:defined").wait_for()
    return page


@pytest.mark.parametrize("how", [choose, really_drop])
@pytest.mark.parametrize("whose", ["dashboard", "guest_page"])
def test_a_pipe_waits_for_a_word(request: pytest.FixtureRequest, pipe: Path, whose: str, how: object) -> None:
    assert callable(how)
    page: Page = request.getfixturevalue(whose)
    how(page, pipe)
    expect(question(page).get_by_role("alert")).to_have_text(ONE)
    assert not Upload.objects.exists()
    question(page).get_by_role("button", name="Leave it out").click()
    expect(question(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    # The next file shows that it was not on its way either.
    how(page, pipe)
    send_empty(page)
    expect_state(row_of(page, "data.txt"), "ready")
    assert Upload.objects.count() == 1
    assert bytes_of("data.txt") == b""


def test_it_waits_where_the_picker_gives_handles(dashboard: Page) -> None:
    dashboard.evaluate("""() => {
      const file = new File([], "data.txt");
      window.showOpenFilePicker = async () => [{ kind: "file", name: file.name, getFile: async () => file }];
    }""")
    dashboard.get_by_role("button", name="Choose files").click()
    expect(question(dashboard)).to_contain_text("“data.txt” is empty (0 bytes)")
    assert not Upload.objects.exists()


def test_several_are_one_question_and_the_others_do_not_wait(
    dashboard: Page, pipe: Path, make_file: MakeFile
) -> None:
    choose(dashboard, pipe, make_file("notes.txt", b"hello"), make_file("empty.bin", b""))
    expect_state(row_of(dashboard, "notes.txt"), "ready")
    expect(question(dashboard)).to_contain_text(
        "2 files are empty (0 bytes) and were not sent: “data.txt”, “empty.bin”"
    )
    choose(dashboard, make_file("log", b""))
    expect(question(dashboard)).to_contain_text(
        "3 files are empty (0 bytes) and were not sent: “data.txt”, “empty.bin”, “log”"
    )
    assert Upload.objects.count() == 1
    expect(question(dashboard).get_by_role("button", name="Leave them out")).to_be_visible()
    send_empty(dashboard)
    until(dashboard, lambda: File.objects.ready().count() == 4)


def test_nothing_said_of_the_others_is_lost_by_the_answer(
    dashboard: Page, pipe: Path, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    really_drop(dashboard, pipe, tmp_path / "nothing")
    said = dashboard.get_by_text("“nothing” is empty")
    expect(said).to_be_visible()
    send_empty(dashboard)
    expect_state(row_of(dashboard, "data.txt"), "ready")
    expect(said).to_be_visible()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with pipes, one of them called as a file is, and with files that are empty on purpose."""
    folder = tmp_path / "package"
    (folder / "logs").mkdir(parents=True)
    for name, body in (("__init__.py", b""), ("py.typed", b""), (".gitkeep", b""), ("a.py", b"pass")):
        (folder / name).write_bytes(body)
    for name in ("data.txt", "app.sock", "logs/pipe"):
        os.mkfifo(folder / name)
    return folder


HELD = {"data.txt", "app.sock", "pipe"}


@pytest.mark.parametrize("how", [really_drop, pick_folder])
def test_in_a_folder_they_wait_and_all_else_goes(dashboard: Page, package: Path, how: object) -> None:
    assert callable(how)
    how(dashboard, package)
    expect(question(dashboard)).to_contain_text("3 files are empty (0 bytes) and were not sent: “package/")
    expect(question(dashboard)).to_contain_text("“package/logs/pipe”")
    expect(dashboard.locator("[data-part=total]")).to_have_text("4 files uploaded · 3 empty (0 bytes)")
    assert not set(File.objects.values_list("name", flat=True)) & HELD
    send_empty(dashboard)
    until(dashboard, lambda: File.objects.ready().count() == 7)
    sent = dict(File.objects.ready().filter(name__in=HELD).values_list("name", "path"))
    assert sent == {"data.txt": "package", "app.sock": "package", "pipe": "package/logs"}


def test_left_out_of_a_folder_they_are_in_no_link_to_all(dashboard: Page, package: Path) -> None:
    dashboard.context.grant_permissions(["clipboard-read", "clipboard-write"])
    really_drop(dashboard, package)
    expect(dashboard.locator("[data-part=total]")).to_have_text("4 files uploaded · 3 empty (0 bytes)")
    batch_of(dashboard).get_by_role("button", name="Copy link").click()
    until(dashboard, Link.objects.exists)
    question(dashboard).get_by_role("button", name="Leave them out").click()
    expect(question(dashboard)).to_be_hidden()
    names = set(Link.objects.get().items.values_list("file__name", flat=True))
    assert names == {"__init__.py", "py.typed", ".gitkeep", "a.py"}


def test_keys_reach_the_question_and_answer_it(dashboard: Page, pipe: Path) -> None:
    dashboard.get_by_role("button", name="Choose files").focus()
    really_drop(dashboard, pipe)
    expect(question(dashboard)).to_be_visible()
    tab_to(dashboard, "Send anyway")
    tab_to(dashboard, "Leave it out")
    dashboard.keyboard.press("Shift+Tab")
    dashboard.keyboard.press("Enter")
    expect_state(row_of(dashboard, "data.txt"), "ready")
    expect(dashboard.get_by_role("button", name="Choose files")).to_be_focused()


def test_an_empty_file_does_not_take_the_place_of_one_begun_before(
    dashboard: Page, pipe: Path, tmp_path: Path, alice: User
) -> None:
    """Chosen to go on with, it is refused in words that say what it is."""
    film = tmp_path / "film.mov"
    film.write_bytes(os.urandom(33 * MIB))
    dashboard.route(re.compile("partNumber=2"), lambda _: None)
    choose(dashboard, film)
    until(dashboard, Upload.objects.exists)
    dashboard.on("dialog", lambda dialog: dialog.accept())
    dashboard.reload()
    row = dashboard.locator("[data-part=unfinished-list] > li")
    with dashboard.expect_file_chooser() as chooser:
        row.get_by_role("button", name=re.compile("Choose file")).click()
    chooser.value.set_files(pipe)
    expect(row).to_contain_text("That file is empty: 0 bytes, or a pipe, or not on this device yet.")
    assert Upload.objects.count() == 1
