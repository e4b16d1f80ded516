"""The upload page: choose and drop files, find their rows, and read back what the bucket got."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Request, expect

from sharing.accounts.models import User
from sharing.files.models import File
from tests.bucket_client import fetch
from tests.people import RunTasks

MIB = 1024 * 1024


def choose(page: Page, *files: Path) -> None:
    """Choose files by the picker."""
    page.locator("file-drop input[type=file]").set_input_files(files)


def pick_folder(page: Page, folder: Path) -> None:
    """Choose a folder by its picker."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(folder)


def really_drop(page: Page, *paths: Path) -> None:
    """Let go of files and folders from the desktop over the page."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for step in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": step, "x": 200, "y": 500, "data": data})
        # The browser takes a drop only where the page has answered to what came before.
        page.evaluate("() => new Promise((resolve) => requestAnimationFrame(resolve))")


def send_empty(page: Page) -> None:
    """Say that empty files are meant to be sent."""
    page.get_by_role("group", name="Empty files").get_by_role("button", name="Send anyway").click()


def row_of(page: Page, name: str) -> Locator:
    """The row of a file in the list of what moves."""
    return page.locator(".upload-row").filter(has=page.get_by_text(name, exact=True))


def batch_of(page: Page) -> Locator:
    """The line of what was chosen last, where that is several files."""
    return page.locator(".upload-batch > .upload-line").first


def expect_state(row: Locator, state: str) -> None:
    expect(row).to_have_attribute("data-state", state)


def watch_puts(page: Page) -> list[Request]:
    """The requests that bring parts, as they come."""
    puts: list[Request] = []
    page.on("request", lambda request: puts.append(request) if request.method == "PUT" else None)
    return puts


def parts_in(requests: list[Request]) -> list[str]:
    """The numbers of the parts that these brought."""
    return sorted(request.url.split("partNumber=")[1].split("&")[0] for request in requests)


def bytes_of(name: str) -> bytes:
    """Return the bytes of a download of the one ready file with this name."""
    file: Any = File.objects.ready().get(name=name)
    answer = fetch(file.presigned_url())
    assert answer.status == 200
    return answer.data


def until(page: Page, condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that the page does not show."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not come to pass."
        page.wait_for_timeout(50)


def wait_for_an_empty_quota(page: Page, user: User, run_tasks: RunTasks) -> None:
    """Do the background work until nothing is charged. The server enqueues it only after it has committed a state."""

    def is_empty() -> bool:
        run_tasks()
        user.refresh_from_db()
        return user.used_bytes == 0

    until(page, is_empty)
