"""Background tasks are enqueued by their paths after commit, and declare when they come back."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.tasks import Task, task
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from sharing import background
from sharing.background import enqueue_on_commit, periodic, periodic_tasks

# Primary keys in the database of every instance: with another name a task would be due at once.
SCHEDULE = {
    "heal arrived uploads": timedelta(minutes=10),
    "examine checksums": timedelta(hours=1),
    "release what is gone": timedelta(minutes=1),
    "watch parts": timedelta(minutes=1),
    "expire uploads": timedelta(minutes=10),
    "finish moves": timedelta(seconds=10),
    "clear leftovers": timedelta(minutes=10),
    "discard expired trash": timedelta(hours=1),
    "purge discarded files": timedelta(hours=1),
    "reclaim space": timedelta(minutes=1),
    "send due mails": timedelta(minutes=1),
    "remind recipients": timedelta(minutes=10),
    "tell senders": timedelta(minutes=1),
    "forget addresses": timedelta(days=1),
    "tell owners": timedelta(minutes=1),
    "prune task results": timedelta(days=1),
    "clear sessions": timedelta(days=1),
}


@task
def count_parcels() -> None:
    """A task to enqueue; nobody runs it here."""


def paths_enqueued() -> Iterator[str]:
    """The first argument of every call of enqueue_on_commit() in the product."""
    for source in (Path(settings.BASE_DIR) / "sharing").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "enqueue_on_commit":
                path = node.args[0]
                assert isinstance(path, ast.Constant), f"{source}:{node.lineno} computes a task's path"
                assert isinstance(path.value, str)
                yield path.value


def test_every_path_that_is_enqueued_leads_to_a_task() -> None:
    paths = list(paths_enqueued())
    assert len(paths) > 10
    for path in paths:
        found = import_string(path)
        assert isinstance(found, Task), path
        assert found.module_path == path, "queued rows hold the task's own path"


@pytest.mark.django_db(transaction=True)
def test_a_task_is_enqueued_once_its_transaction_commits() -> None:
    with transaction.atomic():
        enqueue_on_commit("sharing.files.tasks.delete_orphaned_objects", keys=["a"])
        assert not DBTaskResult.objects.exists()
    [queued] = DBTaskResult.objects.all()
    assert queued.task_path == "sharing.files.tasks.delete_orphaned_objects"
    assert queued.args_kwargs == {"args": [], "kwargs": {"keys": ["a"]}}


@pytest.mark.django_db
def test_a_path_that_leads_nowhere_fails_before_the_commit() -> None:
    with pytest.raises(ImportError):
        enqueue_on_commit("sharing.files.tasks.purge_flie", "1")


def test_the_apps_schedule_their_tasks() -> None:
    tasks = periodic_tasks()
    assert {task.name: task.every for task in tasks} == SCHEDULE
    assert len(tasks) == len(SCHEDULE)


def test_a_renamed_task_keeps_its_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_periodic_tasks", periodic_tasks())
    periodic(every=timedelta(hours=1), name="weigh parcels")(count_parcels)
    assert {task.name for task in periodic_tasks()} == SCHEDULE.keys() | {"weigh parcels"}
