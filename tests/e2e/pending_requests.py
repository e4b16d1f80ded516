"""Wait for pending requests: a closed browser leaves some behind, and the database is emptied next."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started

# A request that a browser sent just before it was closed may not have been read yet.
UNREAD_SECONDS = 0.03


@contextmanager
def wait_for_pending_requests(*, seconds: float) -> Iterator[None]:
    """On exit, wait until this process answers no request any more. Raises TimeoutError."""
    change = threading.Condition()
    under_way = 0

    def count(step: int) -> None:
        nonlocal under_way
        with change:
            under_way += step
            change.notify_all()

    def start(**_: Any) -> None:
        count(1)

    def finish(**_: Any) -> None:
        count(-1)

    request_started.connect(start)
    request_finished.connect(finish)
    try:
        yield
        with change:
            while True:
                if not change.wait_for(lambda: under_way <= 0, seconds):
                    raise TimeoutError(f"{under_way} requests are still under way")
                if not change.wait_for(lambda: under_way > 0, UNREAD_SECONDS):
                    break
    finally:
        request_started.disconnect(start)
        request_finished.disconnect(finish)
