"""Work that comes back: an app lists what it wants done in its `jobs.py`, and the scheduler enqueues it when due."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.tasks import Task


@dataclass(frozen=True)
class PeriodicJob:
    """A task to enqueue again and again, where it `is_needed`. Its name is what the database remembers it by."""

    name: str
    every: timedelta
    task: Task[..., Any]
    # Asked of what comes back by seconds, since each task leaves a row.
    is_needed: Callable[[], bool] = lambda: True


def collect() -> Iterator[PeriodicJob]:
    """The PERIODIC_JOBS in the `jobs` module of every app that has one."""
    for app in apps.get_app_configs():
        if app.name.startswith("sharing.") and find_spec(f"{app.name}.jobs"):
            yield from import_module(f"{app.name}.jobs").PERIODIC_JOBS
