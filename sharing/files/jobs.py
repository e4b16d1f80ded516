"""What comes back by itself."""

from datetime import timedelta

from sharing.files import tasks
from sharing.runtime.periodic import PeriodicJob

PERIODIC_JOBS = [
    PeriodicJob("heal arrived uploads", every=timedelta(minutes=10), task=tasks.heal_arrived_uploads),
    PeriodicJob("examine checksums", every=timedelta(hours=1), task=tasks.examine_checksums),
    PeriodicJob("release what is gone", every=timedelta(minutes=1), task=tasks.release_what_is_gone),
    PeriodicJob("watch parts", every=timedelta(minutes=1), task=tasks.watch_parts),
    PeriodicJob("expire uploads", every=timedelta(minutes=10), task=tasks.expire_uploads),
    PeriodicJob(
        "finish moves",
        every=timedelta(seconds=10),
        task=tasks.finish_moves,
        is_needed=tasks.is_a_move_unfinished,
    ),
    PeriodicJob("clear leftovers", every=timedelta(minutes=10), task=tasks.clear_leftovers),
    PeriodicJob("discard expired trash", every=timedelta(hours=1), task=tasks.discard_expired_trash),
    PeriodicJob("purge discarded files", every=timedelta(hours=1), task=tasks.purge_discarded_files),
]
