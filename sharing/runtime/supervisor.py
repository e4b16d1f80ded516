"""Supervise the parts of one machine: start them in order, stop them in reverse, leave none behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from sharing.runtime.part import Part

WATCH_SECONDS = 0.2


class PartEnded(Exception):
    """A part has ended, so all others must."""


class StopRequested(Exception):
    """Ctrl-C or SIGTERM."""


class Supervisor:
    """A context manager that stops every part on leaving, whatever the reason.

    `lock` is the descriptor of the home's lock, which the reaper inherits.
    """

    def __init__(self, *, lock: int, folder: Path, say: Callable[[str], object]) -> None:
        self.folder = folder
        self.say = say
        self.parts: list[Part] = []
        self.stop_requests = 0
        self._lock = lock

    def __enter__(self) -> Self:
        stops = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        self._handlers = {number: signal.signal(number, self._on_signal) for number in stops}
        self._reaper = subprocess.Popen(
            [sys.executable, "-m", "sharing.runtime.reaper"],
            stdin=subprocess.PIPE,
            cwd=self.folder,
            pass_fds=[self._lock],
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the parts that no other needs, then the rest. Another Ctrl-C while waiting kills at once."""
        requests = self.stop_requests
        for part in self.parts:
            if not part.is_ground:
                part.ask_to_stop()
        for part in reversed(self.parts):
            part.stop(at_once=lambda: self.stop_requests > requests)
            self._tell_reaper(f"forget {part.pid}")
        self._tell_reaper("goodbye")
        self._close_reaper()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, name: str, command: Sequence[str], *, patience: float) -> Part:
        """Start a part that may take `patience` seconds to end once it is told to."""
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        part = self.adopt(name, process, patience=patience)
        part.pass_on(self.say)
        return part

    def adopt(
        self, name: str, process: subprocess.Popen[bytes], *, patience: float, is_ground: bool = False
    ) -> Part:
        """Supervise a process that was started elsewhere in its own session; `is_ground` if others need it."""
        part = Part(name, process, patience, is_ground=is_ground)
        self.parts.append(part)
        self._tell_reaper(f"watch {part.pid}")
        return part

    def check(self) -> None:
        """Raise StopRequested or PartEnded if there is a reason to."""
        if self.stop_requests:
            raise StopRequested
        for part in self.parts:
            if part.ending:
                raise PartEnded(f"The {part.name} {part.ending}")
        if self._reaper.poll() is not None:
            raise PartEnded(f"The reaper ended with exit status {self._reaper.returncode}")

    def watch(self) -> None:
        """Wait until StopRequested or PartEnded is raised. Never returns."""
        while True:
            self.check()
            time.sleep(WATCH_SECONDS)

    def wait_for(self, answers: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Return once it answers. Raises PartEnded if it does not do so in time, or a part ends."""
        deadline = time.monotonic() + seconds
        while not answers():
            self.check()
            if time.monotonic() > deadline:
                raise PartEnded(f"The {what} did not answer in {seconds:.0f} s")
            time.sleep(0.1)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop_requests += 1

    def _close_reaper(self) -> None:
        if self._reaper.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._reaper.stdin.close()
        self._reaper.wait()

    def _tell_reaper(self, line: str) -> None:
        assert self._reaper.stdin is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):  # it has ended, and check() says so
            self._reaper.stdin.write(f"{line}\n".encode())
            self._reaper.stdin.flush()
