"""A child process forked from this one: it shares the memory of all that is imported, until it writes to it."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from subprocess import TimeoutExpired
from typing import IO

# Those that ask `serve` to stop: a child begins with none of its handlers.
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_WAIT_SECONDS = 0.02


class Fork:
    """Runs `work` in a session of its own, with its output in a pipe. Stands in for a subprocess.Popen.

    For a process of one thread without open connections: neither of them works on in the child.
    """

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        reader, writer = os.pipe()
        # A stop that arrives meanwhile is for this process's handlers here, and ends the child there.
        usual = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        try:
            self.pid = os.fork()
            if not self.pid:
                _become(name, output=writer)
                _run(work)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, usual)
        os.close(writer)
        self.stdout: IO[bytes] | None = os.fdopen(reader, "rb", buffering=0)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return its exit status, or the negative number of the signal that ended it; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status once it has ended. Raises TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(_WAIT_SECONDS)
        return status

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def _become(name: str, *, output: int) -> None:
    """Make a new child what an executed one would be. Its signals are let through at the end."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(nothing)
    os.close(output)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    with suppress(OSError):  # for `top` and `ps -o comm`, on Linux
        Path("/proc/self/comm").write_text(f"waybill-{name}")
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def _run(work: Callable[[], object]) -> None:
    """Call `work` and end the process, without what this program registered to be done at its own end."""
    status = 1
    try:
        work()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        if isinstance(leaving.code, str):
            os.write(2, f"{leaving.code}\n".encode())
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
