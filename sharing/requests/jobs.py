"""What comes back by itself."""

from datetime import timedelta

from sharing.requests import tasks
from sharing.runtime.periodic import PeriodicJob

PERIODIC_JOBS = [PeriodicJob("tell owners", every=timedelta(minutes=1), task=tasks.tell_owners)]
