"""A whole Waybill, started by `manage.py serve` as a person would."""

import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from sharing.storage.embedded import free_ports
from tests.runtime import orphans
from tests.runtime.processes import descendants, gone_within

READY = re.compile(r"Waybill is ready")
START_SECONDS = 120.0


def own_environment(home: Path, **variables: str) -> dict[str, str]:
    """The environment of an instance that shares nothing with the tests but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "WAYBILL_HOME": str(home), **variables}


class Instance:
    """One `serve` with a home and ports of its own. Lines it wrote are in `output`."""

    # The home of one that has run: static files are the same for all, and take longest to prepare.
    _collected: ClassVar[Path | None] = None

    def __init__(self, home: Path, *, port: int = 0, bucket_port: int = 0, **variables: str) -> None:
        self.home = home
        self.variables = variables
        chosen = free_ports(2)
        self.port = port or chosen[0]
        self.bucket_port = bucket_port or chosen[1]
        self.output: list[str] = []
        self.family: set[int] = set()

    def start(self) -> None:
        """Start it, or start it again once it has ended."""
        self._spare_collecting()
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=settings.BASE_DIR,
            env=own_environment(
                self.home, PORT=str(self.port), BUCKET_PORT=str(self.bucket_port), **self.variables
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        orphans.watch(self.process.pid)
        self._reader = threading.Thread(target=self._read, args=[self._lines])
        self._reader.start()

    def wait_until_ready(self) -> None:
        self.wait_for_line(READY)
        self.family = descendants(self.process.pid)
        Instance._collected = self.home

    def wait_for_line(self, pattern: re.Pattern[str] | str, *, seconds: float = START_SECONDS) -> str:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=left)
                if line is None:
                    break
                if re.search(pattern, line):
                    return line
        raise AssertionError(f"no {pattern!r} in:\n" + "".join(self.output))

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def wait(self, *, seconds: float = 60) -> int:
        """The exit status."""
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End every process of it at once, as a power cut does."""
        self.family |= descendants(self.process.pid)
        self._kill_family()

    def end(self) -> None:
        """Leave nothing behind, whatever the test found."""
        if self.process.poll() is None:
            self.family |= descendants(self.process.pid)
            self.signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(40)
        self._kill_family()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _kill_family(self) -> None:
        for pid in [self.process.pid, *self.family]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        orphans.forget(self.process.pid)
        # Until it is gone, the bucket's port takes connections that nobody will read.
        assert gone_within(self.family, 10)
        self._reader.join()

    def _spare_collecting(self) -> None:
        done = Instance._collected
        if done and done.exists() and not (self.home / "static").exists():
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copytree(done / "static", self.home / "static")
            shutil.copy2(done / "static.sha256", self.home)

    def _read(self, told: "queue.Queue[str | None]") -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.output.append(line)
                told.put(line)
        told.put(None)


@contextlib.contextmanager
def running(instance: Instance) -> Iterator[Instance]:
    instance.start()
    try:
        instance.wait_until_ready()
        yield instance
    finally:
        instance.end()
