import os
import sys

from django.core.management.base import BaseCommand

from sharing.runtime.serving import Serving


class Command(BaseCommand):
    help = "Run all of Waybill on this machine: bucket, web, worker and scheduler, until Ctrl-C."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        # Before anything touches a file, the checks included: what an instance owns is nobody else's to read.
        os.umask(0o077)
        self.check()
        sys.exit(Serving(say=self._say).run())

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
