from django.core.management.base import BaseCommand

from sharing.background import periodic_tasks
from sharing.newer_database import require_known_tables
from sharing.runtime.database_outage import waiting_for_database
from sharing.runtime.scheduler import Scheduler


class Command(BaseCommand):
    help = "Enqueue what is due, and bring back what a killed worker left. Any number may run; one works."

    def handle(self, *args: object, **options: object) -> None:
        waiting_for_database(require_known_tables)
        Scheduler(periodic_tasks()).run()
