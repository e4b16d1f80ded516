"""A killed worker leaves its task RUNNING, and no other would ever touch it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from sharing.runtime.scheduler import MAX_ATTEMPTS, STUCK_AFTER, requeue_stuck_tasks
from sharing.runtime.tasks import clear_sessions, prune_task_results

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@task
def weigh_parcel() -> None:
    """A task that a worker began."""


def begun(*, attempts: int = 1) -> DBTaskResult[..., None]:
    result = DBTaskResult.objects.get(pk=weigh_parcel.enqueue().id)
    for attempt in range(attempts):
        result.claim(f"worker {attempt}")
    return result


def test_a_task_whose_worker_is_gone_is_ready_again() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        result = begun()
        clock.shift(STUCK_AFTER)
        assert requeue_stuck_tasks() == 1
    assert result in DBTaskResult.objects.ready()


def test_a_task_that_may_still_be_running_is_left_alone() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        result = begun()
        clock.shift(STUCK_AFTER - SECOND)
        assert requeue_stuck_tasks() == 0
    result.refresh_from_db()
    assert result.status == TaskResultStatus.RUNNING


def test_a_task_that_has_ended_is_left_alone() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        result = begun()
        result.set_successful(None)
        clock.shift(2 * STUCK_AFTER)
        assert requeue_stuck_tasks() == 0
    result.refresh_from_db()
    assert result.status == TaskResultStatus.SUCCESSFUL


def test_a_task_that_no_worker_survives_is_given_up() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        result = begun(attempts=MAX_ATTEMPTS)
        clock.shift(STUCK_AFTER)
        assert requeue_stuck_tasks() == 0
    result.refresh_from_db()
    assert result.status == TaskResultStatus.FAILED
    assert result.exception_class_path.endswith("WorkerLost")


def test_results_are_forgotten_after_two_weeks() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        begun().set_successful(None)
        clock.shift(timedelta(days=14) - SECOND)
        prune_task_results.call()
        assert DBTaskResult.objects.count() == 1
        clock.shift(2 * SECOND)
        prune_task_results.call()
    assert DBTaskResult.objects.count() == 0


def test_expired_sessions_are_forgotten() -> None:
    Session.objects.create(session_key="expired", session_data="", expire_date=NOON)
    Session.objects.create(session_key="alive", session_data="", expire_date=NOON + 2 * SECOND)
    with time_machine.travel(NOON + SECOND, tick=False):
        clear_sessions.call()
    assert [session.session_key for session in Session.objects.all()] == ["alive"]
