"""Thumbnails: small JPEGs that the sending browser makes of pictures. Each is stored next to its file's object."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing import wording
from sharing.accounts.errors import QuotaExceeded
from sharing.audit.record import Actor, record
from sharing.files.digests import parse_sha256
from sharing.files.errors import ArrivedDamaged, InvalidThumbnail, NotArrived
from sharing.files.models.base import FileBase
from sharing.files.models.querysets import row_of
from sharing.files.object_keys import thumbnail_key
from sharing.storage.bucket import get_bucket
from sharing.storage.checksums import keeps_sha256
from sharing.storage.errors import ObjectMissing
from sharing.storage.presigning import SLACK, THUMBNAIL_FORM_SECONDS, THUMBNAIL_SECONDS, PresignedPost

# Every browser can write it, and none takes it for anything active.
THUMBNAIL_TYPE = "image/jpeg"
MAX_THUMBNAIL_SIZE = 32 * 1024
THUMBNAIL_FORM_LIFE = timedelta(seconds=THUMBNAIL_FORM_SECONDS) + SLACK


class Thumbnailed(FileBase):
    thumbnail_limit = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy("Bytes that a form for its thumbnail may have brought."),
    )

    class Meta:
        abstract = True

    @property
    def takes_thumbnail(self) -> bool:
        """True if it claims to be a picture. Only then may the bucket hold a thumbnail."""
        return self.content_type.startswith("image/")

    def presign_thumbnail_form(self, *, size: int, sha256: str) -> PresignedPost:
        """Return the presigned form for its thumbnail: a JPEG of `size` bytes with this SHA-256 (base64).

        Raises InvalidThumbnail, InvalidPart.
        """
        if not self.takes_thumbnail:
            raise InvalidThumbnail(_("Only images have thumbnails."))
        if not 0 < size <= MAX_THUMBNAIL_SIZE:
            raise InvalidThumbnail(
                _("A thumbnail has at most %(size)s. Make it smaller.")
                % {"size": wording.size(MAX_THUMBNAIL_SIZE)}
            )
        digest = parse_sha256(sha256)
        if not digest:
            raise InvalidThumbnail(_("A thumbnail is pinned by its digest: include “sha256”."))
        self._reserve_thumbnail(size)
        return get_bucket().presign_form(
            thumbnail_key(self.object_key),
            content_type=THUMBNAIL_TYPE,
            smallest=size,
            largest=size,
            sha256=digest if keeps_sha256() else "",
            seconds=THUMBNAIL_FORM_SECONDS,
        )

    def _reserve_thumbnail(self, size: int) -> None:
        """Reserve quota for a thumbnail of `size` bytes, unless that much is held already. Raises InvalidThumbnail."""
        more = size - self.thumbnail_limit
        if more <= 0:
            return
        try:
            with transaction.atomic():
                self.owner.reserve(more)
                unchanged = row_of(self).ready().filter(thumbnail_limit=self.thumbnail_limit)
                if not unchanged.update(thumbnail_limit=size, charged=models.F("charged") + more):
                    raise InvalidThumbnail(_("Another thumbnail of this file is being uploaded. Try again."))
        except QuotaExceeded as error:
            raise InvalidThumbnail(_("There is no space left for a thumbnail.")) from error
        self.thumbnail_limit = size

    def verify_thumbnail(self, *, by: Actor) -> None:
        """Show the thumbnail from now on, if the bucket holds one. Safe to repeat.

        Raises NotArrived, ArrivedDamaged, StorageError.
        """
        try:
            stored = get_bucket().head(thumbnail_key(self.object_key))
        except ObjectMissing as error:
            raise NotArrived(
                _("The storage does not have the thumbnail yet. Upload it, then try again.")
            ) from error
        if not 0 < stored.size <= MAX_THUMBNAIL_SIZE:
            raise ArrivedDamaged(_("What was uploaded is not a thumbnail. Upload it again."))
        unmoved = row_of(self).ready().filter(object_key=self.object_key)
        with transaction.atomic():
            if unmoved.filter(has_thumbnail=False).update(has_thumbnail=True):
                record("file.thumbnail_kept", self, by=by)
            elif not unmoved.exists():
                raise NotArrived(_("The file was just moved or deleted. Upload the thumbnail again."))
        self.has_thumbnail = True

    def thumbnail_url(self) -> str:
        """Return the bucket's own URL that shows it, good for 15 minutes. Requires `has_thumbnail`. Takes 50 µs."""
        return get_bucket().presign_preview(
            thumbnail_key(self.object_key),
            filename="thumbnail.jpg",
            content_type=THUMBNAIL_TYPE,
            seconds=THUMBNAIL_SECONDS,
        )

    @property
    def forms_end_at(self) -> datetime:
        """Return when the last form for it or its thumbnail expires. Thumbnail forms are signed until it is deleted."""
        ends_at = self.upload.form_ends_at
        if self.thumbnail_limit and self.deleted_at:
            return max(ends_at, self.deleted_at + THUMBNAIL_FORM_LIFE)
        return ends_at

    def copy_thumbnail(self, target: str) -> bool:
        """Copy the thumbnail for the object key `target`. False if there is none."""
        if not self.has_thumbnail:
            return False
        try:
            get_bucket().copy(
                thumbnail_key(self.object_key),
                thumbnail_key(target),
                size=MAX_THUMBNAIL_SIZE,
                content_type=THUMBNAIL_TYPE,
            )
        except ObjectMissing:
            return False
        return True

    def thumbnail_keys(self, *keys: str) -> dict[str, datetime]:
        """Return the thumbnail keys that belong to these object keys, each with the time until which it may be sent."""
        ends_at = timezone.now() + THUMBNAIL_FORM_LIFE
        return {thumbnail_key(key): ends_at for key in keys} if self.takes_thumbnail else {}
