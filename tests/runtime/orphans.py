"""Ends what the tests have started, should they be killed themselves: by a time limit, Ctrl-C twice, or a power cut."""

import atexit
import subprocess
import sys
from contextlib import suppress
from functools import cache

from django.conf import settings


def watch(leader: int) -> None:
    """End this process group (by its leader's id) when these tests end in whatever way."""
    _tell(f"watch {leader}")


def forget(leader: int) -> None:
    """It has ended, and its id may be another's soon."""
    _tell(f"forget {leader}")


def _tell(line: str) -> None:
    stdin = _reaper().stdin
    assert stdin
    with suppress(BrokenPipeError):
        stdin.write(f"{line}\n".encode())
        stdin.flush()


@cache
def _reaper() -> "subprocess.Popen[bytes]":
    """The one that `serve` has for its parts; it acts once its input ends."""
    reaper = subprocess.Popen(
        [sys.executable, "-m", "sharing.runtime.reaper"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    atexit.register(reaper.communicate)
    return reaper
