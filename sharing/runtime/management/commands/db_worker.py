from functools import partial
from typing import Any

from django.tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from sharing.newer_database import require_known_tables
from sharing.runtime.database_outage import waiting_for_database


class Command(db_worker.Command):
    """django-tasks-db's worker, which here survives an outage of the database, and logs as the settings say."""

    def configure_logging(self, verbosity: int) -> None:
        """Leave the levels as they are. The original's would tell of each task that begins and ends."""

    def handle(self, *, worker_id: str, **options: Any) -> None:
        def work() -> None:
            require_known_tables()
            _give_back_tasks_of(worker_id)
            run()

        run = partial(super().handle, worker_id=worker_id, **options)
        waiting_for_database(work)


def _give_back_tasks_of(worker_id: str) -> None:
    """Requeue the task during which this worker lost the database."""
    for result in DBTaskResult.objects.running():
        if result.worker_ids[-1:] == [worker_id]:
            begun = DBTaskResult.objects.running().filter(pk=result.pk, started_at=result.started_at)
            begun.update(status=TaskResultStatus.READY, started_at=None)
