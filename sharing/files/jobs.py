"""What comes back by itself."""

from datetime import timedelta

from sharing.files.tasks import (
    examine_checksums,
    expire_uploads,
    heal_arrived_uploads,
    purge_deleted_files,
)
from sharing.runtime.periodic import PeriodicJob

PERIODIC_JOBS = [
    PeriodicJob("heal arrived uploads", every=timedelta(minutes=10), task=heal_arrived_uploads),
    PeriodicJob("examine checksums", every=timedelta(hours=1), task=examine_checksums),
    PeriodicJob("expire uploads", every=timedelta(minutes=10), task=expire_uploads),
    PeriodicJob("purge deleted files", every=timedelta(hours=1), task=purge_deleted_files),
]
