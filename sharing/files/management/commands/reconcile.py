"""`manage.py reconcile`: what the database and the bucket do not agree about, and its repair."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sharing.files.reconciling import GRACE, Reconciliation, WrongBucket
from sharing.storage.bucket import get_bucket
from sharing.storage.errors import StorageError

GRACE_HOURS = int(GRACE.total_seconds() // 3600)


class Command(BaseCommand):
    help = "List rows without objects, objects without rows and stale multipart uploads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Delete such objects, abort such uploads, and mark such files deleted.",
        )
        parser.add_argument(
            "--grace-hours",
            type=int,
            default=GRACE_HOURS,
            help=f"Leave alone what is younger; {GRACE_HOURS} by default.",
        )

    def handle(self, *, repair: bool, grace_hours: int, **options: Any) -> None:
        if grace_hours < 1:
            raise CommandError("--grace-hours is at least 1: uploads in progress need it.")
        reconciliation = Reconciliation(get_bucket(), repair=repair, grace=timedelta(hours=grace_hours))
        counts: Counter[str] = Counter()
        try:
            for difference in reconciliation.run():
                counts[difference.kind] += 1
                self.stdout.write(f"{difference.kind}: {difference.subject}")
        except (WrongBucket, StorageError) as error:
            raise CommandError(str(error)) from error
        if not counts:
            self.stdout.write("The database and the bucket agree.")
        elif repair:
            self.stdout.write(f"Repaired: {counts.total()}.")
        else:
            self.stdout.write(f"Found: {counts.total()}. Run it again with --repair to repair them.")
