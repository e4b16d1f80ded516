"""`manage.py doctor`: is the bucket reachable, private, and does each presigned request do what it must."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import remember_sha256
from sharing.storage.doctor import Doctor


class Command(BaseCommand):
    help = "Examine the bucket: reachable, private, CORS, and every presigned request and refusal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mend-cors",
            action="store_true",
            help="First allow the site's origin in the bucket's CORS rules.",
        )

    def handle(self, *, mend_cors: bool, **options: Any) -> None:
        bucket = get_bucket()
        if mend_cors:
            bucket.allow_origins(settings.SITE_ORIGINS)
        unwell = 0
        doctor = Doctor(bucket, settings.SITE_ORIGINS)
        for finding in doctor.examine():
            mark = self.style.SUCCESS("well  ") if finding.is_well else self.style.ERROR("unwell")
            self.stdout.write(f"{mark}  {finding.check}: {finding.detail}")
            if not finding.is_well:
                unwell += 1
                self.stdout.write(f"        {finding.remedy}")
        if doctor.checks_sha256 is not None:
            # Where the database is not there yet, the running instance will find it out by itself.
            with suppress(DatabaseError):
                remember_sha256(kept=doctor.checks_sha256)
        if unwell:
            raise CommandError(f"{unwell} of the checks found something wrong.")
        self.stdout.write("The bucket is well.")
