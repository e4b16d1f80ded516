"""Supervise the parts of one machine: start them in order, stop them in reverse, leave none behind."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from django.utils.translation import gettext as _

from sharing.runtime.fork import STOPS, Fork
from sharing.runtime.part import Part, Process

WATCH_SECONDS = 0.2


class PartEnded(Exception):
    """A part has ended, so all others must."""


class StopRequested(Exception):
    """Ctrl-C or SIGTERM."""


class Supervisor:
    """A context manager that stops every part on leaving, whatever the reason.

    `lock` is the descriptor of the home's lock, which the reaper inherits. No thread runs here: parts are forked.
    """

    def __init__(self, *, lock: int, folder: Path, say: Callable[[str], object]) -> None:
        self.folder = folder
        self.say = say
        self.parts: list[Part] = []
        self.stop_requests = 0
        self._lock = lock
        self._outputs = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        # Under `nohup` the end of the terminal, which SIGHUP tells, is to be ignored.
        is_nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        stops = [number for number in STOPS if not (is_nohup and number == signal.SIGHUP)]
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
            self._end(part, at_once=lambda: self.stop_requests > requests)
        self._tell_reaper("goodbye")
        self._close_reaper()
        self._outputs.close()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, name: str, work: Callable[[], object], *, timeout: float) -> Part:
        """Fork a part that does `work` and may take `timeout` seconds to end once it is told to."""
        return self.adopt(
            name,
            self._fork(name, work),
            timeout=timeout,
            say=lambda line: self.say(f"{name:<9} | {line}"),
        )

    def complete(self, name: str, work: Callable[[], object]) -> tuple[bool, list[str]]:
        """Fork a process that does `work`, and wait for its end. Return whether it succeeded, and the lines it wrote.

        Raises StopRequested, and PartEnded if a part ends meanwhile.
        """
        lines: list[str] = []
        part = self.adopt(name, self._fork(name, work), timeout=0, say=lines.append)
        while not part.ending:
            self.check(besides=part)
            self._listen(WATCH_SECONDS)
        succeeded = part.process.poll() == 0
        self._end(part, at_once=lambda: True)
        if not (succeeded or lines):
            lines.append(_("The %(part)s %(ending)s.") % {"part": name, "ending": part.ending})
        return succeeded, lines

    def adopt(
        self,
        name: str,
        process: Process,
        *,
        timeout: float,
        is_ground: bool = False,
        say: Callable[[str], object] = str,
    ) -> Part:
        """Supervise a process that was started elsewhere in its own session; `is_ground` if others need it."""
        part = Part(name, process, timeout, say=say, is_ground=is_ground)
        self.parts.append(part)
        self._tell_reaper(f"watch {part.pid}")
        if process.stdout:
            self._outputs.register(process.stdout, selectors.EVENT_READ, part)
        return part

    def check(self, *, besides: Part | None = None) -> None:
        """Raise StopRequested or PartEnded if there is a reason to. The end of the part `besides` is none."""
        if self.stop_requests:
            raise StopRequested
        for part in self.parts:
            if part is not besides and part.ending:
                raise PartEnded(_("The %(part)s %(ending)s") % {"part": part.name, "ending": part.ending})
        if self._reaper.poll() is not None:
            ending = _("ended with exit status %(status)s") % {"status": self._reaper.returncode}
            raise PartEnded(_("The %(part)s %(ending)s") % {"part": "reaper", "ending": ending})

    def watch(self) -> None:
        """Wait until StopRequested or PartEnded is raised. Never returns."""
        while True:
            self.check()
            self._listen(WATCH_SECONDS)

    def wait_for(self, answers: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Return once it answers. Raises PartEnded if it does not do so in time, or a part ends."""
        deadline = time.monotonic() + seconds
        while not answers():
            self.check()
            if time.monotonic() > deadline:
                raise PartEnded(
                    _("The %(part)s did not answer within %(seconds)s s")
                    % {"part": what, "seconds": round(seconds)}
                )
            self._listen(0.05)

    def _fork(self, name: str, work: Callable[[], object]) -> Fork:
        def as_part() -> None:
            self._let_go()
            work()

        return Fork(name, as_part)

    def _let_go(self) -> None:
        """Close in a forked part what is the supervisor's: its reaper acts once nobody can write to it any more."""
        assert self._reaper.stdin is not None  # noqa: S101
        self._reaper.stdin.close()
        os.close(self._lock)
        self._outputs.close()
        for part in self.parts:
            if part.process.stdout:
                part.process.stdout.close()

    def _end(self, part: Part, *, at_once: Callable[[], bool]) -> None:
        """Stop a part, and forget it."""
        part.stop(at_once=at_once, listen=self._listen)
        self._tell_reaper(f"forget {part.pid}")
        self.parts.remove(part)
        if output := part.process.stdout:
            with contextlib.suppress(KeyError):  # it was at its end already
                self._outputs.unregister(output)
            output.close()

    def _listen(self, seconds: float) -> None:
        """Pass on what parts write, for about so many seconds."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            for key, _events in self._outputs.select(left):
                if not key.data.pass_on():
                    self._outputs.unregister(key.fileobj)

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
