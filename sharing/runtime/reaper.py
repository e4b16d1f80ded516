"""End the processes that a killed `serve` leaves behind. `serve` runs it as `python -m sharing.runtime.reaper`.

It reads from serve on standard input: `watch <pid>`, `forget <pid>`, and `goodbye` at an orderly end. When the input
ends without a goodbye, serve was killed, and every process group still watched is ended. Until then it also holds the
lock of the home, which it inherited: a second start waits until nothing of the first is left.
No Django here: it has to be small and to outlive everything.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

TIMEOUT = 5.0


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watched: dict[int, None] = {}
    for line in sys.stdin:
        match line.split():
            case ["watch", pid]:
                watched[int(pid)] = None
            case ["forget", pid]:
                watched.pop(int(pid), None)
            case ["goodbye"]:
                return
    end_groups(list(reversed(watched)))


def end_groups(leaders: Iterable[int], *, timeout: float = TIMEOUT) -> None:
    """Send SIGTERM to each process group, and SIGKILL to those still there after `timeout` seconds."""
    remaining = [leader for leader in leaders if _signal_group(leader, signal.SIGTERM)]
    deadline = time.monotonic() + timeout
    while remaining and time.monotonic() < deadline:
        time.sleep(0.05)
        remaining = [leader for leader in remaining if _signal_group(leader, 0)]
    for leader in remaining:
        _signal_group(leader, signal.SIGKILL)


def _signal_group(leader: int, number: int) -> bool:
    """Return True if there was a process to signal."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
        return True
    return False


if __name__ == "__main__":
    main()
