"""One child process of `serve`, in a session of its own."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Protocol

from django.utils.translation import gettext as _


class Process(Protocol):
    """A process as a Part uses it: a subprocess.Popen, or a Fork."""

    pid: int
    stdout: IO[bytes] | None

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def terminate(self) -> None: ...


@dataclass
class Part:
    """A child process with a name and the seconds it gets to end after SIGTERM. `say` takes each line it writes."""

    name: str
    process: Process
    timeout: float
    say: Callable[[str], object] = str
    # Others work with it, so it is told to end only when they have.
    is_ground: bool = False
    _is_asked: bool = field(default=False, repr=False)
    _unfinished: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if self.process.stdout:
            os.set_blocking(self.process.stdout.fileno(), False)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def ending(self) -> str | None:
        """Return how it ended, in words; None while it runs."""
        status = self.process.poll()
        if status is None:
            return None
        if status < 0:
            return _("was ended by %(signal)s") % {"signal": signal.Signals(-status).name}
        return _("ended with exit status %(status)s") % {"status": status}

    def pass_on(self) -> bool:
        """Say the lines that it has written by now, without waiting for more. False once there will be none."""
        if self.process.stdout is None:
            return False
        while (written := self._read()) is not None:
            *lines, self._unfinished = (self._unfinished + written).split(b"\n")
            if not written and self._unfinished:
                lines, self._unfinished = [self._unfinished], b""
            for line in lines:
                self.say(line.decode(errors="replace").rstrip())
            if not written:
                return False
        return True

    def ask_to_stop(self) -> None:
        """Send SIGTERM once: a second one would mean to drop everything."""
        if not self._is_asked:
            self._is_asked = True
            self.process.terminate()

    def stop(self, *, at_once: Callable[[], bool], listen: Callable[[float], None]) -> None:
        """Send SIGTERM, then SIGKILL to its process group once its timeout is over, or `at_once`.

        Meanwhile it calls `listen` with the seconds it may take.
        """
        self.ask_to_stop()
        deadline = time.monotonic() + self.timeout
        while self.ending is None and time.monotonic() < deadline and not at_once():
            listen(0.05)
        # Also when it ended by itself: no grandchild outlives it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        self.pass_on()

    def _read(self) -> bytes | None:
        """Return what it has written; b"" at the end, None if nothing is there yet."""
        assert self.process.stdout is not None  # noqa: S101
        try:
            return os.read(self.process.stdout.fileno(), 64 * 1024)
        except BlockingIOError:
            return None
