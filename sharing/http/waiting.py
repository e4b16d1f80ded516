"""Requests that wait long for the bucket are answered in threads of their own, so that they take none from others."""

import threading

# Threads of a process for them. They hold no connection to the database while they wait.
WAITING_THREADS = 64

_thread = threading.local()


def waits_long(path: str) -> bool:
    """True for requests that complete uploads: a bucket takes seconds to join parts."""
    # Not `/s/completion/`, which is a link's address.
    return path.endswith("/completion/") and ("/uploads/" in path or "/files/" in path)


def mark_thread() -> None:
    """Say that this thread answers nothing else."""
    _thread.is_waiting = True


def is_waiting_thread() -> bool:
    return getattr(_thread, "is_waiting", False)
