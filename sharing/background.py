"""Background tasks: enqueue one after commit, schedule one periodically. The tasks are in each app's `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.tasks import Task
from django.utils.module_loading import autodiscover_modules, import_string

# Priority of tasks that go before all others: what was revoked works as long as they are not done.
URGENT = 50


def enqueue_on_commit(task_path: str, /, *args: Any, **kwargs: Any) -> None:
    """Enqueue the task at this dotted path with these arguments once the transaction commits; at once outside of one.

    Takes a path because tasks import models, so models cannot import tasks. Raises ImportError for an unknown path.
    """
    task: Task[..., Any] = import_string(task_path)
    transaction.on_commit(lambda: task.enqueue(*args, **kwargs))


@dataclass(frozen=True)
class PeriodicTask:
    """A task that the scheduler enqueues every so often."""

    # The primary key of its LastRun: with another name it is due at once.
    name: str
    every: timedelta
    task: Task[..., Any]
    # Asked before each run. For tasks that run every few seconds, since each run leaves a row.
    is_needed: Callable[[], bool]


_periodic_tasks: list[PeriodicTask] = []


def periodic[**P, R](
    *, every: timedelta, name: str | None = None, is_needed: Callable[[], bool] = lambda: True
) -> Callable[[Task[P, R]], Task[P, R]]:
    """Have the scheduler enqueue the decorated task `every` so often, where it `is_needed`.

    `name` is the function's by default. Keep the old one where a task is renamed, so that its schedule goes on.
    """

    def schedule(task: Task[P, R]) -> Task[P, R]:
        _periodic_tasks.append(
            PeriodicTask(name or task.name.replace("_", " "), every=every, task=task, is_needed=is_needed)
        )
        return task

    return schedule


def periodic_tasks() -> list[PeriodicTask]:
    """Return the periodic tasks of all installed apps."""
    autodiscover_modules("tasks")
    return list(_periodic_tasks)
