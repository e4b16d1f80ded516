"""Of any number of schedulers one works; it enqueues what is due, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.tasks import TaskResultStatus, task
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from sharing.background import PeriodicTask, periodic_tasks
from sharing.files.tasks import ROTATION_OVERDUE_AFTER
from sharing.runtime.models import LastRun, Lease
from sharing.runtime.scheduler import LEASE, LEASE_LENGTH, TICK_SECONDS, Scheduler
from tests.races import RACERS, race

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@task
def count_parcels() -> None:
    """A task to enqueue; nobody runs it here."""


EVERY_TEN_MINUTES = PeriodicTask(
    "count parcels", every=10 * MINUTE, task=count_parcels, is_needed=lambda: True
)


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler([EVERY_TEN_MINUTES])


def enqueued() -> int:
    return DBTaskResult.objects.filter(task_path=count_parcels.module_path).count()


def test_a_job_that_never_ran_is_due(scheduler: Scheduler) -> None:
    assert scheduler.tick()
    assert enqueued() == 1


def test_a_job_is_enqueued_again_once_its_time_has_passed(scheduler: Scheduler) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        scheduler.tick()
        clock.shift(10 * MINUTE - timedelta(seconds=1))
        scheduler.tick()
        assert enqueued() == 1
        clock.shift(timedelta(seconds=1))
        scheduler.tick()
        assert enqueued() == 2


def test_another_scheduler_stands_by(scheduler: Scheduler) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        scheduler.tick()
        clock.shift(20 * MINUTE)
        scheduler.tick()
        assert not Scheduler([EVERY_TEN_MINUTES]).tick()
        assert enqueued() == 2


def test_another_scheduler_takes_over_when_the_lease_has_expired(scheduler: Scheduler) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        scheduler.tick()
        clock.shift(LEASE_LENGTH)
        assert Scheduler([EVERY_TEN_MINUTES]).tick()
        assert not scheduler.tick()


def test_another_scheduler_takes_over_at_once_after_an_orderly_end(scheduler: Scheduler) -> None:
    scheduler.tick()
    Lease.objects.give_back(LEASE, holder=scheduler.holder)
    assert Scheduler([]).tick()


def test_ticking_renews_the_lease(scheduler: Scheduler) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        scheduler.tick()
        clock.shift(LEASE_LENGTH / 2)
        scheduler.tick()
        assert Lease.objects.get(name=LEASE).expires_at == NOON + 1.5 * LEASE_LENGTH


def test_taking_over_does_not_repeat_what_has_been_done(scheduler: Scheduler) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        scheduler.tick()
        clock.shift(MINUTE)
        assert Scheduler([EVERY_TEN_MINUTES]).tick()
        assert enqueued() == 1


@pytest.mark.django_db(transaction=True)
def test_the_console_says_nothing_of_a_job_that_went_well(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_worker.Worker, "configure_signals", lambda worker: None)
    scheduler.tick()
    call_command("db_worker", batch=True, startup_delay=False)
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL
    assert caplog.messages == []


@pytest.mark.django_db(transaction=True)
def test_of_many_who_race_for_the_lease_one_has_it() -> None:
    def take(racer: int) -> bool:
        return Lease.objects.take(LEASE, holder=f"racer {racer}", length=MINUTE)

    taken = race(take, range(RACERS))
    assert (taken.count(True), taken.count(False)) == (1, RACERS - 1)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_begin_a_due_job_one_does() -> None:
    begun = race(lambda _: LastRun.objects.begin("count parcels", every=MINUTE), range(RACERS))
    assert (begun.count(True), begun.count(False)) == (1, RACERS - 1)


def test_a_job_that_is_not_needed_leaves_no_task() -> None:
    needed: list[bool] = [False]
    job = PeriodicTask("count parcels", every=MINUTE, task=count_parcels, is_needed=lambda: needed[0])
    Scheduler([job]).tick()
    assert not DBTaskResult.objects.exists()
    Lease.objects.all().delete()
    needed[0] = True
    Scheduler([job]).tick()
    assert DBTaskResult.objects.count() == 1


def test_who_starts_after_a_kill_takes_up_a_move_within_half_a_minute() -> None:
    [finishing] = [task for task in periodic_tasks() if task.name == "finish moves"]
    worker_looks_every = timedelta(seconds=2)
    tick = timedelta(seconds=TICK_SECONDS)
    assert LEASE_LENGTH + 2 * tick + worker_looks_every <= timedelta(seconds=30)
    assert finishing.every + ROTATION_OVERDUE_AFTER + tick + worker_looks_every <= timedelta(seconds=30)


FILES_JOBS = {
    "heal arrived uploads",
    "examine checksums",
    "expire uploads",
    "finish moves",
    "clear leftovers",
    "discard expired trash",
    "purge discarded files",
}
LINKS_JOBS = {"send due mails", "remind recipients", "tell senders", "forget addresses"}


def test_no_job_of_files_and_links_is_forgotten() -> None:
    assert {job.name for job in periodic_tasks()} >= FILES_JOBS | LINKS_JOBS


def test_the_apps_register_their_tasks() -> None:
    jobs = list(periodic_tasks())
    assert {"prune task results", "clear sessions"} <= {job.name for job in jobs}
    assert len({job.name for job in jobs}) == len(jobs)


def test_nothing_due_takes_three_queries(
    scheduler: Scheduler, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scheduler.tick()
    with django_assert_num_queries(3):
        scheduler.tick()
