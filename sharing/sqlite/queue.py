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

# Seconds between tries to lock what another process holds: only the first in each process tries.
POLL_SECONDS = 0.002
# Bytes of the file that are locked: the first by the process that writes next, the second by the one that writes.
_NEXT, _WRITING = 0, 1


class WriteQueue:
    """The write lock of one database, acquired in the order in which writers came.

    The writers of one process wait here; the first of them waits for those of other processes, by locks of a file.

    `path` is that file. Without it, as where it cannot be written, SQLite alone decides between processes.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._is_held = False
        self._waiting: deque[threading.Lock] = deque()
        self._file: int | None = None
        with suppress(OSError):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self, seconds: float) -> bool:
        """Return True once the caller holds the lock, False if that takes longer."""
        deadline = time.monotonic() + seconds
        if not self._acquire_in_process(seconds):
            return False
        if self._acquire_from_processes(deadline):
            return True
        self._release_in_process()
        return False

    def release(self) -> None:
        """Release the lock, to the writer who has waited longest."""
        self._unlock_byte(_WRITING)
        self._release_in_process()

    def _acquire_in_process(self, seconds: float) -> bool:
        with self._lock:
            if not self._is_held:
                self._is_held = True
                return True
            # Locked until the writer before this one releases it.
            waiter = threading.Lock()
            waiter.acquire()
            self._waiting.append(waiter)
        if waiter.acquire(timeout=seconds):
            return True
        with self._lock:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                return False
        return True  # it was released this very moment

    def _release_in_process(self) -> None:
        """Let the first that waits in this process go on."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_held = False

    def _acquire_from_processes(self, deadline: float) -> bool:
        """Wait to be next, then to write: a process that has just written comes after one that was next."""
        if not self._lock_byte(_NEXT, deadline):
            return False
        try:
            return self._lock_byte(_WRITING, deadline)
        finally:
            self._unlock_byte(_NEXT)

    def _lock_byte(self, byte: int, deadline: float) -> bool:
        while True:
            try:
                if self._file is not None:
                    fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            except (BlockingIOError, PermissionError):  # POSIX leaves it open which of the two
                if time.monotonic() > deadline:
                    return False
                time.sleep(POLL_SECONDS)
            except OSError:  # a file system without locks
                return True
            else:
                return True

    def _unlock_byte(self, byte: int) -> None:
        if self._file is not None:
            with suppress(OSError):
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)


_queues: dict[str, WriteQueue] = {}
_making = threading.Lock()


def queue_of(database: str) -> WriteQueue:
    """Return the queue of the database in this file, one in each process."""
    with _making:
        if database not in _queues:
            _queues[database] = WriteQueue(Path(f"{database}-queue"))
        return _queues[database]


def _forget() -> None:
    """Forget the queues, in a child that was forked: whoever waited or wrote is not in it."""
    global _making  # noqa: PLW0603
    _making = threading.Lock()
    _queues.clear()


os.register_at_fork(after_in_child=_forget)
