"""What comes back by itself."""

from datetime import timedelta

from sharing.files import tasks
from sharing.runtime.periodic import PeriodicJob

PERIODIC_JOBS = [
    PeriodicJob("heal arrived uploads", every=timedelta(minutes=10), task=tasks.heal_arrived_uploads),
    PeriodicJob("examine checksums", every=timedelta(hours=1), task=tasks.examine_checksums),
    PeriodicJob("expire uploads", every=timedelta(minutes=10), task=tasks.expire_uploads),
    PeriodicJob("finish moves", every=timedelta(minutes=5), task=tasks.finish_moves),
    PeriodicJob("clear leftovers", every=timedelta(minutes=10), task=tasks.clear_leftovers),
    PeriodicJob("discard expired trash", every=timedelta(hours=1), task=tasks.discard_expired_trash),
    PeriodicJob("purge discarded files", every=timedelta(hours=1), task=tasks.purge_discarded_files),
]
