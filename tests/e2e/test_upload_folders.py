"""A person drops or picks a folder, or pastes: what is in it arrives, and is where it was."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from sharing.files.models import File
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.e2e.conftest import MakeFile
from tests.e2e.upload_page import bytes_of, expect_state, pick_folder, really_drop, row_of

PASTE = """([type, content, name]) => {
  const clipboardData = new DataTransfer();
  if (name) clipboardData.items.add(new File([content], name, { type }));
  else clipboardData.setData(type, content);
  const target = document.querySelector("[data-target]") ?? document.body;
  target.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
}"""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with a folder in it, something a system left there, and an empty one."""
    folder = tmp_path / "photos"
    (folder / "2026" / "März").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "a.txt").write_bytes(b"a")
    (folder / "2026" / "März" / "b.txt").write_bytes(b"bb")
    (folder / ".DS_Store").write_bytes(b"junk")
    return folder


# A folder that the browser is not let into, one that breaks off after what was listed first, and a file that went.
UNREADABLE = """() => {
  const refused = new DOMException("Refused.", "NoModificationAllowedError");
  const patch = (entry) => {
    if (entry.isFile && entry.name === "gone") entry.file = (take, fail) => fail(refused);
    if (!entry.isDirectory) return entry;
    const reader = entry.createReader();
    let listings = 0;
    const fails = () => entry.name === "closed" || (entry.name === "cut" && ++listings > 1);
    const readEntries = (take, fail) => {
      if (fails()) fail(refused);
      else reader.readEntries((entries) => take(entries.map(patch)), fail);
    };
    entry.createReader = () => ({ readEntries });
    return entry;
  };
  const real = DataTransferItem.prototype.webkitGetAsEntry;
  DataTransferItem.prototype.webkitGetAsEntry = function () { return patch(real.call(this)); };
}"""


@pytest.fixture
def leavings(tmp_path: Path) -> Path:
    """A folder as people have them: one file that is meant, and what systems and programs have left around it."""
    folder = tmp_path / "holiday"
    for inner in ("__MACOSX", ".Spotlight-V100", ".fseventsd", ".Trashes"):
        (folder / inner).mkdir(parents=True)
        (folder / inner / "inner").write_bytes(b"1")
    for name in ("plan.docx", "._alone"):
        (folder / name).write_bytes(b"meant")
    left = ("._plan.docx", "Icon\r", ".localized", ".DS_Store", "Thumbs.db", "Desktop.ini", "~$plan.docx")
    for name in (*left, ".~lock.plan.odt#"):
        (folder / name).write_bytes(b"left")
    return folder


def paths() -> dict[str, str]:
    return dict(File.objects.ready().values_list("name", "path"))


def expect_all_ready(page: Page, count: int) -> None:
    expect(page.locator(".upload-row[data-state=ready]")).to_have_count(count)


def test_a_dropped_folder_arrives_with_its_paths_and_what_is_left_out_is_said(
    dashboard: Page, photos: Path, make_file: MakeFile
) -> None:
    really_drop(dashboard, photos, make_file("few.txt", b"hello"))
    expect_all_ready(dashboard, 3)
    assert paths() == {"a.txt": "photos", "b.txt": "photos/2026/März", "few.txt": ""}
    assert bytes_of("b.txt") == b"bb"
    expect(row_of(dashboard, "b.txt")).to_contain_text("in photos/2026/März")
    said = dashboard.get_by_role("alert")
    expect(said).to_contain_text("The folder “photos/empty” is empty, so there is nothing to send.")
    expect(said).to_contain_text("1 file that systems and programs leave in folders was left out")


def test_a_folder_that_is_dropped_again_sends_what_is_new_alone(dashboard: Page, photos: Path) -> None:
    (photos / "film.mov").write_bytes(b"0" * (DEFAULT_PART_SIZE + 1))
    really_drop(dashboard, photos)
    expect_all_ready(dashboard, 3)
    dashboard.reload()
    (photos / "c.txt").write_bytes(b"new")
    sent: list[str] = []
    dashboard.on("request", lambda request: sent.append(request.url))
    really_drop(dashboard, photos)
    expect_all_ready(dashboard, 4)
    expect(row_of(dashboard, "film.mov")).to_contain_text("Uploaded before, every byte verified")
    expect(dashboard.locator("[data-part=total]")).to_have_text("4 files uploaded · 3 before")
    assert len([url for url in sent if url.startswith(settings.BUCKET.public_origin)]) == 1
    assert File.objects.count() == 4


def test_a_picked_folder_arrives_with_its_paths(dashboard: Page, photos: Path) -> None:
    pick_folder(dashboard, photos)
    expect_all_ready(dashboard, 2)
    assert paths() == {"a.txt": "photos", "b.txt": "photos/2026/März"}
    expect(dashboard.get_by_role("alert")).to_contain_text(".DS_Store")


def test_a_folder_of_more_files_than_a_browser_lists_at_once_arrives_whole(
    dashboard: Page, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(130):
        (folder / f"{number}.txt").write_text(str(number))
    really_drop(dashboard, folder)
    expect(dashboard.locator("[data-part=total]")).to_have_text("130 files uploaded")
    assert {bytes_of(f"{number}.txt") for number in (0, 129)} == {b"0", b"129"}


def test_an_empty_folder_alone_is_explained(dashboard: Page, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    really_drop(dashboard, tmp_path / "nothing")
    expect(dashboard.get_by_role("alert")).to_contain_text("“nothing” is empty")
    expect(dashboard.locator(".upload-row")).to_have_count(0)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (["image/png", "picture", "image.png"], "Pasted picture 2026-11-25 10.12.png"),
        (["image/png", "picture", "beach.png"], "beach.png"),
        (["text/plain", "picture", ""], "Pasted text 2026-11-25 10.12.txt"),
    ],
)
def test_what_is_pasted_arrives_under_a_name_that_says_what_it_is(
    timed_dashboard: Page, content: list[str], name: str
) -> None:
    timed_dashboard.clock.set_fixed_time("2026-11-25T10:12:00")
    timed_dashboard.evaluate(PASTE, content)
    expect_state(row_of(timed_dashboard, name), "ready")
    assert bytes_of(name) == b"picture"


def test_text_pasted_into_a_field_stays_there(dashboard: Page) -> None:
    dashboard.evaluate(
        "document.body.append(Object.assign(document.createElement('input'), { id: 'field' }))"
    )
    dashboard.evaluate("document.querySelector('#field').dataset.target = ''")
    dashboard.evaluate(PASTE, ["text/plain", "words", ""])
    dashboard.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
    expect(dashboard.locator(".upload-row")).to_have_count(0)


def test_what_systems_and_programs_leave_in_a_dropped_folder_is_counted_and_not_sent(
    dashboard: Page, leavings: Path
) -> None:
    really_drop(dashboard, leavings)
    expect(dashboard.get_by_role("alert")).to_contain_text(
        "12 files that systems and programs leave in folders"
    )
    expect_all_ready(dashboard, 2)
    assert paths() == {"plan.docx": "holiday", "._alone": "holiday"}


def test_nor_is_it_of_a_picked_one(dashboard: Page, leavings: Path) -> None:
    pick_folder(dashboard, leavings)
    expect(dashboard.get_by_role("alert")).to_contain_text("that systems and programs leave in folders")
    expect_all_ready(dashboard, 2)
    assert paths() == {"plan.docx": "holiday", "._alone": "holiday"}


def test_of_these_what_is_chosen_by_itself_is_sent(dashboard: Page, leavings: Path) -> None:
    really_drop(dashboard, leavings / ".DS_Store", leavings / "._plan.docx")
    expect_all_ready(dashboard, 2)
    assert set(paths()) == {".DS_Store", "._plan.docx"}


@pytest.mark.parametrize("how", ["dropped", "picked"])
def test_a_file_that_is_in_icloud_alone_is_named_and_its_placeholder_is_not_sent(
    dashboard: Page, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / ".report.pdf.icloud").write_bytes(b"bplist00" + b"0" * 170)
    (folder / "here.pdf").write_bytes(b"here")
    (really_drop if how == "dropped" else pick_folder)(dashboard, folder)
    expect(dashboard.get_by_role("alert")).to_contain_text(
        "“papers/report.pdf” is in iCloud and not on this device"
    )
    expect_all_ready(dashboard, 1)
    assert set(paths()) == {"here.pdf"}


def test_what_of_a_folder_cannot_be_read_is_named_and_the_rest_is_sent(
    dashboard: Page, tmp_path: Path
) -> None:
    for path in ("all/closed/a", "all/cut/b", "all/open/c", "all/gone"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"1")
    dashboard.evaluate(UNREADABLE)
    really_drop(dashboard, tmp_path / "all")
    said = dashboard.get_by_role("alert")
    expect(said).to_contain_text("The folder “all/closed” could not be opened, so nothing in it is sent.")
    expect(said).to_contain_text(
        "The folder “all/cut” could not be read completely. What was read is sent, the rest is not."
    )
    expect(said).to_contain_text("“all/gone” could not be read and is not sent.")
    expect(said).to_contain_text("then choose it again")
    expect(said).not_to_contain_text("empty")
    expect_all_ready(dashboard, 2)
    assert set(paths()) == {"b", "c"}


def test_a_folder_alone_that_cannot_be_read_is_not_called_empty(dashboard: Page, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    dashboard.evaluate(UNREADABLE)
    really_drop(dashboard, tmp_path / "closed")
    expect(dashboard.get_by_role("alert")).to_have_text(
        "The folder “closed” could not be opened, so nothing in it is sent. Make sure that you may open it,"
        " then choose it again. Nothing is uploaded twice."
    )
