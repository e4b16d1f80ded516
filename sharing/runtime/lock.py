"""Lock a home for one `serve`. The operating system releases the lock when its last holder is gone."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

TIMEOUT = 20.0


class HomeInUse(Exception):
    """Another serve, or a process left of one, holds this home."""


@contextmanager
def held(path: Path, *, say: Callable[[str], object], timeout: float = TIMEOUT) -> Iterator[int]:
    """Take the lock at `path`, and return its descriptor. Waits up to `timeout` seconds, then raises HomeInUse."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(descriptor):
            say(
                _("%(folder)s is in use by another Waybill. Waiting up to %(seconds)s s for it to stop.")
                % {"folder": path.parent, "seconds": round(timeout)}
            )
            _wait(descriptor, path, timeout)
        yield descriptor
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not _taken(descriptor):
        if time.monotonic() > deadline:
            raise HomeInUse(
                _(
                    "%(folder)s is still in use. Stop the other Waybill first, "
                    "or set WAYBILL_HOME to another folder to run a second one."
                )
                % {"folder": path.parent}
            )
        time.sleep(0.1)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
