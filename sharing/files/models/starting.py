"""Starting an upload: parse what was announced, reserve the quota, keep the plan. The bucket is not asked."""

from datetime import timedelta
from mimetypes import guess_type
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from sharing import wording
from sharing.audit.record import record
from sharing.files.digests import parse_sha256
from sharing.files.errors import FileTooLarge, InvalidPart
from sharing.files.models.file import File
from sharing.files.names import parse_name, parse_path, parse_type
from sharing.storage.plan import MAX_OBJECT_SIZE, UploadPlan

if TYPE_CHECKING:
    from sharing.accounts.models import User
    from sharing.files.models.upload import Upload

# S3 takes at most 5 GiB in one POST or PUT.
MAX_FORM_SIZE = 5 * 1024**3


class UploadManager(models.Manager["Upload"]):
    def owned_by(self, user: "User") -> models.QuerySet["Upload"]:
        return self.filter(file__owner=user).select_related("file__owner")

    def start(
        self,
        *,
        owner: "User",
        name: str,
        size: int,
        content_type: str = "",
        path: str = "",
        with_sha256: bool = False,
        sha256: str = "",
    ) -> "Upload":
        """Announce a file of `size` bytes. `sha256` (base64) is that of a file that one form takes.

        Raises InvalidName, InvalidPart, FileTooLarge, QuotaExceeded.
        """
        largest = min(settings.MAX_FILE_SIZE, MAX_OBJECT_SIZE)
        if size > largest:
            raise FileTooLarge(
                f"The file has {wording.size(size)}; {wording.size(largest)} are allowed here."
            )
        plan = UploadPlan.of(size)
        file = File(
            owner=owner,
            name=parse_name(name),
            path=parse_path(path),
            content_type=parse_type(content_type),
            size=size,
        )
        digest = parse_sha256(sha256)
        if not plan.is_multipart and with_sha256 != bool(digest):
            raise InvalidPart(
                "A file that one form takes is pinned by its own digest: give “sha256” with it."
            )
        return self._begin(
            file, reserved=size, part_size=plan.part_size, with_sha256=with_sha256, sha256=digest
        )

    def start_plain(self, *, owner: "User", name: str) -> "Upload":
        """Announce a file that an HTML form without JavaScript brings.

        Its size is not known, so all that is free is held until it has arrived.

        Raises InvalidName, QuotaExceeded.
        """
        owner.refresh_from_db(fields=["quota", "used_bytes"])
        reserved = min(owner.free_bytes, settings.MAX_FILE_SIZE, MAX_FORM_SIZE)
        content_type = parse_type(guess_type(name)[0] or "")
        file = File(owner=owner, name=parse_name(name), content_type=content_type)
        return self._begin(file, reserved=reserved, is_plain=True)

    def _begin(self, file: File, **fields: object) -> "Upload":
        days = timedelta(days=settings.UPLOAD_EXPIRY_DAYS)
        upload = self.model(file=file, expires_at=timezone.now() + days, **fields)
        with transaction.atomic():
            file.owner.reserve(upload.reserved)
            file.save(force_insert=True)
            upload.save(force_insert=True)
            record("upload.started", file, by=file.owner, size=upload.reserved)
        return upload
