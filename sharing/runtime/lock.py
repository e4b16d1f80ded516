"""Lock a home for one `serve`. The operating system releases the lock when its last holder is gone."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TIMEOUT = 20.0


class HomeInUse(Exception):
    """Another serve, or a process left of one, holds this home."""


@contextmanager
def held(path: Path, *, say: Callable[[str], object], timeout: float = TIMEOUT) -> Iterator[int]:
    """Take the lock at `path`, and return its descriptor. Waits up to `timeout` seconds, then raises HomeInUse."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(descriptor):
            say(f"{path.parent} is in use by another Waybill; waiting up to {timeout:.0f} s for it to end.")
            _wait(descriptor, path, timeout)
        yield descriptor
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not _taken(descriptor):
        if time.monotonic() > deadline:
            raise HomeInUse(
                f"{path.parent} is still in use: stop the other Waybill first, "
                "or set WAYBILL_HOME to another folder to run a second one."
            )
        time.sleep(0.1)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
