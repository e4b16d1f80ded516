"""One child process of `serve`, in a session of its own."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Part:
    """A child process with a name and the seconds it gets to end after SIGTERM."""

    name: str
    process: subprocess.Popen[bytes]
    patience: float
    # Others work with it, so it is told to end only when they have.
    is_ground: bool = False
    _is_asked: bool = field(default=False, repr=False)
    _pump: threading.Thread | None = field(default=None, repr=False)

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
            return f"was ended by {signal.Signals(-status).name}"
        return f"ended with exit status {status}"

    def pass_on(self, say: Callable[[str], object]) -> None:
        """Pass on each line that it writes, after its name."""
        self._pump = threading.Thread(target=self._read, args=(say,), daemon=True)
        self._pump.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM once: a second one would mean to drop everything."""
        if not self._is_asked:
            self._is_asked = True
            self.process.terminate()

    def stop(self, *, at_once: Callable[[], bool]) -> None:
        """Send SIGTERM, then SIGKILL to its process group once its patience is over, or `at_once`."""
        self.ask_to_stop()
        waited = 0.0
        while self.ending is None and waited < self.patience and not at_once():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
            waited += 0.1
        # Also when it ended by itself: no grandchild outlives it.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        if self._pump:
            self._pump.join(timeout=1)

    def _read(self, say: Callable[[str], object]) -> None:
        assert self.process.stdout is not None  # noqa: S101
        with self.process.stdout as lines:
            for line in lines:
                say(f"{self.name:<9} | {line.decode(errors='replace').rstrip()}")
