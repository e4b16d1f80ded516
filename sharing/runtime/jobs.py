"""What comes back by itself."""

from datetime import timedelta

from sharing.runtime.periodic import PeriodicJob
from sharing.runtime.tasks import clear_sessions, prune_task_results

PERIODIC_JOBS = [
    PeriodicJob("prune task results", every=timedelta(days=1), task=prune_task_results),
    PeriodicJob("clear sessions", every=timedelta(days=1), task=clear_sessions),
]
