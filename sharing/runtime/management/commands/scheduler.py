from django.core.management.base import BaseCommand

from sharing.runtime.periodic import collect
from sharing.runtime.scheduler import Scheduler


class Command(BaseCommand):
    help = "Enqueue what is due, and bring back what a killed worker left. Any number may run; one works."

    def handle(self, *args: object, **options: object) -> None:
        Scheduler(collect()).run()
