"""A Chromium on its DevTools pipe, in which nothing watches the network.

Playwright switches the Network domain on, and then the browser copies every request's body.
https://chromedevtools.github.io/devtools-protocol/
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser import ADVICE, find_chromium
from tests.runtime.processes import descendants

FLAGS = [
    *("--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"),
    # A tab that is measured is never in the background, whatever a browser without a window makes of it.
    *("--disable-background-timer-throttling", "--disable-renderer-backgrounding"),
    "--disable-backgrounding-occluded-windows",
]
END_SECONDS = 10.0


class PageError(Exception):
    """An error that a page threw, or that it did not answer in time."""


class Chromium:
    """One browser with a profile that is thrown away. DevTools answers one question at a time."""

    def __init__(self, profile: str) -> None:
        # Above 4, so that no end lies where the other has to go: the browser reads from 3 and writes to 4.
        reads, self._to = _pipe()
        self._from, writes = _pipe()
        executable = find_chromium() or sys.exit(ADVICE)
        self.pid = os.posix_spawn(
            executable,
            [executable, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, reads, 3),
                (os.POSIX_SPAWN_DUP2, writes, 4),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )
        os.close(reads)
        os.close(writes)
        self._last_id = 0
        self._unread = b""

    def ask(
        self, method: str, session: str | None = None, *, seconds: float = 60, **parameters: Any
    ) -> dict[str, Any]:
        """DevTools' answer. Raises PageError for an error, or after `seconds`."""
        self._last_id += 1
        question: dict[str, Any] = {"id": self._last_id, "method": method, "params": parameters}
        if session:
            question["sessionId"] = session
        self._write(json.dumps(question).encode() + b"\0")
        deadline = time.monotonic() + seconds
        while True:
            message = self._read(deadline, method)
            if message.get("id") != self._last_id:
                continue  # an event, or what came too late
            if "error" in message:
                raise PageError(f"{method}: {message['error']['message']}")
            result: dict[str, Any] = message["result"]
            return result

    def version(self) -> str:
        return str(self.ask("Browser.getVersion")["product"])

    @contextlib.contextmanager
    def tab(self, url: str) -> Iterator["Tab"]:
        """A tab of its own at this address, with all that its scripts import."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session)
        try:
            tab.go(url)
            yield tab
        finally:
            self.ask("Target.closeTarget", targetId=target)

    def save_into(self, folder: Path) -> None:
        """Save what is downloaded there, without asking."""
        self.ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def end(self) -> None:
        family = descendants(self.pid)
        with contextlib.suppress(PageError, OSError):
            self.ask("Browser.close", seconds=END_SECONDS)
        deadline = time.monotonic() + END_SECONDS
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.05)
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        os.close(self._to)
        os.close(self._from)

    def _write(self, message: bytes) -> None:
        while message:
            message = message[os.write(self._to, message) :]

    def _read(self, deadline: float, method: str) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise PageError(f"{method}: no answer in time")
            read = os.read(self._from, 1 << 20)
            if not read:
                raise PageError(f"{method}: the browser has ended")
            self._unread += read
        message, self._unread = self._unread.split(b"\0", 1)
        parsed: dict[str, Any] = json.loads(message)
        return parsed


class Tab:
    """One page, in which scripts of ours run: what DevTools evaluates is not held against the page's CSP."""

    def __init__(self, chromium: Chromium, session: str) -> None:
        self._chromium = chromium
        self._session = session

    def go(self, url: str) -> None:
        self.ask("Page.enable")
        self.ask("Page.navigate", url=url)
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(PageError):  # the page that was there before is gone
                if self.run(f"document.readyState === 'complete' && location.href === {json.dumps(url)}"):
                    return
            if time.monotonic() > deadline:
                raise PageError(f"{url} did not load; the page is at {self.run('location.href')}")
            time.sleep(0.05)

    def ask(self, method: str, *, seconds: float = 60, **parameters: Any) -> dict[str, Any]:
        return self._chromium.ask(method, self._session, seconds=seconds, **parameters)

    def run(self, script: str, *, seconds: float = 60) -> Any:
        """Return what the script gives, or what its promise does. Raises PageError with what it throws."""
        answer = self.ask(
            "Runtime.evaluate",
            seconds=seconds,
            expression=script,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise PageError(str(thrown.get("exception", {}).get("description", thrown["text"])))
        return answer["result"].get("value")

    def drop(self, *paths: Path) -> None:
        """Let go of files and folders of the disk over the page."""
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            self.ask("Input.dispatchDragEvent", type=step, x=200, y=300, data=data)

    def collect_garbage(self) -> None:
        self.ask("HeapProfiler.collectGarbage")


@contextlib.contextmanager
def chromium() -> Iterator[Chromium]:
    # The browser may still write while its profile goes.
    with tempfile.TemporaryDirectory(prefix="waybill-bench-", ignore_cleanup_errors=True) as profile:
        browser = Chromium(profile)
        try:
            yield browser
        finally:
            browser.end()


def _pipe() -> tuple[int, int]:
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high[0], high[1]
