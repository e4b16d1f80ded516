"""Requests that wait long for the bucket are answered in threads of their own, so that they take none from others."""

import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

from django.urls import Resolver404, URLResolver, get_resolver, resolve

# Threads of a process for them. They hold no connection to the database while they wait.
WAITING_THREADS = 64

_thread = threading.local()


def waits_for_bucket[View: Callable[..., Any]](view: View) -> View:
    """Mark a view whose POST requests wait long: a bucket takes seconds to join the parts of an upload."""
    view.waits_for_bucket = True  # type: ignore[attr-defined]
    return view


def is_marked(view: Callable[..., Any]) -> bool:
    """True if the view is marked by `waits_for_bucket`."""
    return getattr(view, "waits_for_bucket", False)


def waits_long(method: str, path: str) -> bool:
    """True if the view of this path, as it stands in the request, is marked by `waits_for_bucket`."""
    if method != "POST":  # most requests, which need not be resolved twice
        return False
    path = unquote(path)
    if path.lstrip("/").partition("/")[0] not in _first_steps():  # nor downloads
        return False
    try:
        return is_marked(resolve(path).func)
    except Resolver404:
        return False


@cache
def _first_steps() -> set[str]:
    """Return the first steps of the paths of all marked views."""
    return {route.partition("/")[0] for route in _marked_routes(get_resolver())}


def _marked_routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _marked_routes(pattern, route)
        elif is_marked(pattern.callback):
            yield route


def mark_thread() -> None:
    """Say that this thread answers nothing else."""
    _thread.is_waiting = True


def is_waiting_thread() -> bool:
    return getattr(_thread, "is_waiting", False)
