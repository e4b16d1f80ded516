"""Background processes go on where the database was away for a while, and end for any other error."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connections
from django.tasks import TaskResultStatus, task
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from sharing.background import PeriodicTask
from sharing.runtime import database_outage
from sharing.runtime.models import Lease
from sharing.runtime.scheduler import LEASE, Scheduler

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@task
def weigh_parcel() -> None:
    """A task that a worker began."""


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing, and keep the connection in which this test's rows are."""
    monkeypatch.setattr(database_outage, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("sharing.runtime.scheduler.TICK_SECONDS", 0.0)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr("sharing.runtime.scheduler.close_old_connections", lambda: None)


@pytest.fixture(autouse=True)
def signals_after() -> Iterator[None]:
    """A process answers signals as before once a scheduler has ended."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Away:
    """Work that fails twice because the database is away, then is done."""

    calls = 0

    def __call__(self) -> None:
        self.calls += 1
        if self.calls < 3:
            raise OperationalError("the connection is closed")


def test_work_is_done_once_the_database_is_back(caplog: pytest.LogCaptureFixture) -> None:
    work = Away()
    database_outage.waiting_for_database(work)
    assert work.calls == 3
    assert caplog.text.count("The database is not responding, trying again") == 2


def test_a_query_that_is_wrong_is_no_outage() -> None:
    def work() -> None:
        raise ProgrammingError("there is no such table")

    with pytest.raises(ProgrammingError):
        database_outage.waiting_for_database(work)


def test_a_worker_gives_back_the_task_during_which_it_lost_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, others = (DBTaskResult.objects.get(pk=weigh_parcel.enqueue().id) for _ in range(2))
    others.claim("another worker")
    away = Away()

    def work(self: object, **options: object) -> None:
        if away.calls == 0:
            own.claim("worker 1")
        away()

    monkeypatch.setattr(db_worker.Command, "handle", work)
    call_command("db_worker", worker_id="worker 1")
    states = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert states == {own.pk: TaskResultStatus.READY, others.pk: TaskResultStatus.RUNNING}


def test_a_scheduler_goes_on_after_an_outage_and_gives_its_lease_back_when_it_is_told_to_stop(
    caplog: pytest.LogCaptureFixture,
) -> None:
    away = Away()

    def is_needed() -> bool:
        away()
        os.kill(os.getpid(), signal.SIGTERM)
        return False

    every = PeriodicTask("weigh", every=MINUTE, task=weigh_parcel, is_needed=is_needed)
    Scheduler([every]).run()
    assert caplog.text.count("The scheduler could not reach the database") == 2
    assert Lease.objects.take(LEASE, holder="the next", length=MINUTE)
