"""`manage.py doctor`: is the bucket reachable, private, and does each presigned request do what it must."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import remember_sha256
from sharing.storage.doctor import Doctor
from sharing.storage.errors import StorageError
from sharing.storage.examination import remember_examination

CREATE_REFUSED = gettext_lazy(
    "The bucket was not created. Create it in your storage service's console, and keep it private."
)
MEND_REFUSED = gettext_lazy(
    "The CORS rules were not changed. Allow the site's origin in your storage service's console, or use keys with the "
    "permissions s3:GetBucketCORS and s3:PutBucketCORS."
)


class Command(BaseCommand):
    help = "Examine the bucket: reachable, private, CORS, and every presigned request and refusal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mend-cors",
            action="store_true",
            help="First allow the site's origin in the bucket's CORS rules.",
        )

        parser.add_argument(
            "--create-bucket",
            action="store_true",
            help="First make the bucket, private, where there is none of this name.",
        )

    def handle(self, *, mend_cors: bool, create_bucket: bool, **options: Any) -> None:
        bucket = get_bucket()
        unwell = 0
        failed: list[str] = []
        if create_bucket:
            unwell += self._try(bucket.ensure_exists, CREATE_REFUSED)
        if mend_cors:
            unwell += self._try(lambda: bucket.allow_origins(settings.SITE_ORIGINS), MEND_REFUSED)
        doctor = Doctor(bucket, settings.SITE_ORIGINS)
        for finding in doctor.examine():
            mark = self.style.SUCCESS("ok    ") if finding.is_well else self.style.ERROR("failed")
            self.stdout.write(f"{mark}  {finding.check}: {finding.detail}")
            if not finding.is_well:
                unwell += 1
                failed.append(finding.check)
                self.stdout.write(f"        {finding.remedy}")
        # Where the database is not there yet, the running instance will find it out by itself.
        with suppress(DatabaseError):
            remember_examination(failed)
            if doctor.checks_sha256 is not None:
                remember_sha256(kept=doctor.checks_sha256)
        if unwell:
            raise CommandError(
                ngettext("%(n)s check failed.", "%(n)s checks failed.", unwell) % {"n": unwell}
            )
        self.stdout.write(_("All checks passed."))

    def _try(self, change: Callable[[], None], refused: str | Promise) -> int:
        """Change something; how many failed, which is said with what to do, in one line."""
        try:
            change()
        except StorageError as error:
            self.stdout.write(f"{self.style.ERROR('failed')}  {refused} ({error})")
            return 1
        return 0
