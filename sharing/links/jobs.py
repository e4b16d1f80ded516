"""What comes back by itself."""

from datetime import timedelta

from sharing.links.tasks import remind_recipients, send_due_mails, tell_senders
from sharing.runtime.periodic import PeriodicJob

PERIODIC_JOBS = [
    PeriodicJob("send due mails", every=timedelta(minutes=1), task=send_due_mails),
    PeriodicJob("remind recipients", every=timedelta(minutes=10), task=remind_recipients),
    PeriodicJob("tell senders", every=timedelta(minutes=1), task=tell_senders),
]
