"""Periodic housekeeping. Each task may run twice."""

from datetime import timedelta

from django.core.management import call_command
from django.tasks import task

from sharing.background import periodic


@periodic(every=timedelta(days=1))
@task
def prune_task_results() -> None:
    """Delete the results of tasks that ended two weeks ago."""
    call_command("prune_db_task_results", queue_name="*", min_age_days=14, verbosity=0)


@periodic(every=timedelta(days=1))
@task
def clear_sessions() -> None:
    """Delete expired sessions."""
    call_command("clearsessions")
