"""Issuing the bucket's own URLs for a file, and revoking them.

A presigned URL works until it expires, whoever has it by then. To end it sooner the object gets another key;
`with_usable_urls()` of `querysets.py` finds the files for which that is needed.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.audit.record import Actor, record
from sharing.files.errors import InvalidLifetime, Unavailable
from sharing.files.models.base import FileBase
from sharing.files.models.direct_url import DirectURL
from sharing.files.models.querysets import OPENING_RECORDED_EVERY, row_of
from sharing.http.best_effort import best_effort
from sharing.storage.bucket import get_bucket
from sharing.storage.presigning import MAX_URL_SECONDS, THUMBNAIL_SECONDS
from sharing.wording import grouped

if TYPE_CHECKING:
    from sharing.accounts.models import User


class DirectlyShared(FileBase):
    class Meta:
        abstract = True

    def create_direct_url(self, *, seconds: int, by: "User | None" = None) -> tuple[str, DirectURL]:
        """Return the bucket's own URL, as `aws s3 presign` makes it, and its record. `seconds`: 1 to 604,800.

        If the app's own keys are temporary, the URL ends with them. Raises InvalidLifetime, Unavailable.
        """
        if not 1 <= seconds <= MAX_URL_SECONDS:
            raise InvalidLifetime(
                _("A direct URL can work for 1 to %(limit)s seconds (seven days), as S3 allows.")
                % {"limit": grouped(MAX_URL_SECONDS)}
            )
        with transaction.atomic():
            # Locked, so that whoever revokes meanwhile either finds this one or is waited for.
            file = row_of(self).ready().select_for_update().first()
            if file is None or not file.owner.is_active:
                raise Unavailable(_("No direct URL can be created: the file is not available."))
            if file.is_rekeying:
                raise Unavailable(
                    _(
                        "Earlier URLs are being revoked, and a new one would stop with them. Try again in a moment."
                    )
                )
            now = timezone.now()
            seconds = get_bucket().signature().lasting(seconds)
            made = DirectURL.objects.create(
                file_id=file.pk, made_by=by, made_at=now, expires_at=now + timedelta(seconds=seconds)
            )
            record("file.presigned", file, by=by, expires_at=made.expires_at.isoformat())
            return file.presigned_url(seconds=seconds), made

    def record_opened(self, *, by: Actor = None) -> None:
        """Record that its owner got a presigned URL for a preview or a download. Safe to repeat.

        Once an hour is enough: the record only tells that there may be a URL to invalidate.
        """
        key = f"file-opened:{self.pk}"
        if not cache.add(key, True, OPENING_RECORDED_EVERY.total_seconds()):
            return
        try:
            record("file.opened", self, by=by)
        except DatabaseError:
            cache.delete(key)
            raise

    def open_preview(self, *, by: Actor = None) -> str:
        """Return the bucket's own URL that shows it, as `preview_url()`, and record that it was given.

        Where that cannot be recorded now, the URL is good for a few minutes alone.
        """
        seconds: int | None = THUMBNAIL_SECONDS
        with best_effort():
            self.record_opened(by=by)
            seconds = None
        return self.preview_url(seconds=seconds)

    def revoke_direct_urls(self, *, by: Actor = None) -> int:
        """Revoke every usable direct URL by rotating the key, and return how many there were. Safe to repeat."""
        with transaction.atomic():
            count = DirectURL.objects.usable().filter(file=self.pk).update(revoked_at=timezone.now())
            if count:
                record("file.direct_urls_revoked", self, by=by, count=count)
                self.schedule_key_rotation()
        return count
