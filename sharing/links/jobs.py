"""What comes back by itself."""

from datetime import timedelta

from sharing.links import tasks
from sharing.runtime.periodic import PeriodicJob

PERIODIC_JOBS = [
    PeriodicJob("send due mails", every=timedelta(minutes=1), task=tasks.send_due_mails),
    PeriodicJob("remind recipients", every=timedelta(minutes=10), task=tasks.remind_recipients),
    PeriodicJob("tell senders", every=timedelta(minutes=1), task=tasks.tell_senders),
    PeriodicJob("forget addresses", every=timedelta(days=1), task=tasks.forget_addresses),
]
