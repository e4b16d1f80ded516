"""The scheduler: enqueues periodic tasks when due, and requeues what a killed worker left.

Any number of schedulers may run: the one with the lease works, the others stand by. Nothing depends on it for
correctness, since every task may run twice.
"""

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from types import FrameType

from django import db
from django.db import close_old_connections, transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from sharing.background import PeriodicTask
from sharing.http.outages import outage_of
from sharing.runtime.models import NEVER, LastRun, Lease

logger = logging.getLogger(__name__)

LEASE = "scheduler"
# A scheduler started after a kill waits so long: a link revoked meanwhile must be dead within half a minute.
LEASE_LENGTH = timedelta(seconds=15)
TICK_SECONDS = 5.0
# Longer than any task takes: copying a large object inside the bucket is the slowest.
STUCK_AFTER = timedelta(minutes=30)
MAX_ATTEMPTS = 5


class WorkerLost(Exception):
    """Every worker that began this task was gone before it ended."""


class Scheduler:
    """Enqueues these periodic tasks, as long as it holds the lease."""

    def __init__(self, tasks: Iterable[PeriodicTask]) -> None:
        self.tasks = list(tasks)
        self.holder = f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.stopping = threading.Event()

    def run(self) -> None:
        """Tick until SIGTERM or Ctrl-C. A database that is away for a while is waited for."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self.stopping.is_set():
            close_old_connections()
            try:
                self.tick()
            except db.Error as error:
                logger.warning(
                    "The scheduler could not reach the database, and will try again: %s",
                    error,
                    exc_info=not outage_of(error),
                )
            self.stopping.wait(TICK_SECONDS)
        with suppress(db.Error):  # it expires by itself
            Lease.objects.give_back(LEASE, holder=self.holder)

    def tick(self) -> bool:
        """Enqueue what is due. False if another scheduler has the lease. Takes three queries if nothing is due."""
        if not Lease.objects.take(LEASE, holder=self.holder, length=LEASE_LENGTH):
            return False
        ran_at = dict(LastRun.objects.values_list("job", "ran_at"))
        for periodic in self.tasks:
            if ran_at.get(periodic.name, NEVER) + periodic.every <= timezone.now() and periodic.is_needed():
                self._enqueue_if_due(periodic)
        requeue_stuck_tasks()
        return True

    def _enqueue_if_due(self, periodic: PeriodicTask) -> None:
        with transaction.atomic():
            if LastRun.objects.begin(periodic.name, every=periodic.every):
                periodic.task.enqueue()
                logger.debug("Enqueued: %s", periodic.name)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()


def requeue_stuck_tasks() -> int:
    """Requeue tasks whose worker was killed, and return how many. A task that no worker survives fails for good."""
    stuck = DBTaskResult.objects.running().filter(started_at__lte=timezone.now() - STUCK_AFTER)
    requeued = 0
    for result in stuck:
        if len(result.worker_ids) >= MAX_ATTEMPTS:
            result.set_failed(
                WorkerLost(_("%(n)s workers started this job and none finished it.") % {"n": MAX_ATTEMPTS})
            )
            logger.error("Gave up on the task %s", result.task_path)
            continue
        # Only as long as it is still the same attempt: its worker may just have finished it.
        same_attempt = stuck.filter(pk=result.pk, started_at=result.started_at)
        requeued += same_attempt.update(status=TaskResultStatus.READY, started_at=None)
        logger.warning("Requeued the task %s, whose worker is gone", result.task_path)
    return requeued
