"""A queue of the writers of one SQLite database: one writes at a time, in the order in which they came.

SQLite itself has none. Who finds the database locked sleeps, up to 100 ms at a time, and tries again; who comes
meanwhile and finds it free goes first. So of many writers some wait for seconds, and others never.
"""

import fcntl
import os
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

# Seconds between looks at what another process holds: only the first in each process looks.
LOOK_SECONDS = 0.002
# Bytes of the file that are locked: the first by the process whose turn is next, the second by the one that writes.
_NEXT, _WRITING = 0, 1


class WriteQueue:
    """The writers of one process wait here; the first of them waits for those of other processes, by locks of a file.

    `path` is that file. Without it, as where it cannot be written, SQLite alone decides between processes.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()
        self._file: int | None = None
        with suppress(OSError):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, seconds: float) -> bool:
        """Return True once it is the caller's turn, False if that takes longer."""
        deadline = time.monotonic() + seconds
        if not self._take_here(seconds):
            return False
        if self._take_of_all(deadline):
            return True
        self._pass_on()
        return False

    def give_back(self) -> None:
        self._unlock(_WRITING)
        self._pass_on()

    def _take_here(self, seconds: float) -> bool:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=seconds):
            return True
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # it was given this very moment

    def _pass_on(self) -> None:
        """Give the turn to the one who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _take_of_all(self, deadline: float) -> bool:
        """Wait to be next, then to write: a process that has just written comes after one that was next."""
        if not self._locked(_NEXT, deadline):
            return False
        try:
            return self._locked(_WRITING, deadline)
        finally:
            self._unlock(_NEXT)

    def _locked(self, byte: int, deadline: float) -> bool:
        while True:
            try:
                if self._file is not None:
                    fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            except (BlockingIOError, PermissionError):  # POSIX leaves it open which of the two
                if time.monotonic() > deadline:
                    return False
                time.sleep(LOOK_SECONDS)
            except OSError:  # a file system without locks
                return True
            else:
                return True

    def _unlock(self, byte: int) -> None:
        if self._file is not None:
            with suppress(OSError):
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)


_queues: dict[str, WriteQueue] = {}
_making = threading.Lock()


def queue_of(database: str) -> WriteQueue:
    """Return the queue of the database in this file."""
    with _making:
        if database not in _queues:
            _queues[database] = WriteQueue(Path(f"{database}-queue"))
        return _queues[database]


def _forget() -> None:
    """In a child that was forked: whoever waited or wrote there is not in it."""
    global _making  # noqa: PLW0603
    _making = threading.Lock()
    _queues.clear()


os.register_at_fork(after_in_child=_forget)
