"""What the traits of File and of Upload use of the model and of one another, stated for the type checker.

Each trait stands alone in a file of its own and inherits from the base below. `file.py` and `upload.py` put them side
by side.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models

from sharing.addresses.expiry import Expiring

if TYPE_CHECKING:
    from sharing.accounts.models import User
    from sharing.audit.record import Actor
    from sharing.files.models.file import File
    from sharing.files.models.senders import Sender
    from sharing.files.models.upload import Upload, UploadManager
    from sharing.storage.multipart import StoredPart
    from sharing.storage.plan import UploadPlan


class FileBase(models.Model):
    """Base of File's traits."""

    class Check(models.TextChoices):
        NONE = "", "not checked yet"
        SIZE = "size", "size checked"
        SHA256 = "sha256", "SHA-256 checked"

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        objects: ClassVar[Any]

        # Fields of File
        owner: "User"
        name: str
        content_type: str
        size: int
        object_key: str
        sha256: str
        check_made: str
        charged: int
        ready_at: datetime | None

        # What refers to it
        upload: "Upload"
        direct_urls: Any

        # Trashed
        deleted_at: datetime | None
        discarded_at: datetime | None

        def presigned_url(self, *, seconds: int | None = None) -> str: ...

        # Previewed
        def preview_url(self, *, seconds: int | None = None) -> str: ...

        # Thumbnailed
        has_thumbnail: bool
        thumbnail_limit: int

        @property
        def forms_end_at(self) -> datetime: ...

        def copy_thumbnail(self, target: str) -> bool: ...

        def thumbnail_keys(self, *keys: str) -> dict[str, datetime]: ...

        # Rekeyed
        next_key: str | None

        @property
        def is_rekeying(self) -> bool: ...

        def schedule_key_rotation(self) -> None: ...

        # DirectlyShared
        def revoke_direct_urls(self, *, by: "Actor" = None) -> int: ...


class UploadBase(Expiring):
    """Base of Upload's traits."""

    class State(models.TextChoices):
        OPEN = "open", "on its way"
        COMPLETE = "complete", "arrived"
        CANCELLED = "cancelled", "cancelled"
        EXPIRED = "expired", "expired"
        DAMAGED = "damaged", "arrived damaged"

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        objects: ClassVar[UploadManager]

        # Fields of Upload
        id: UUID
        file: "File"
        file_id: UUID
        state: str
        part_size: int
        sha256: str
        is_plain: bool
        reserved: int
        expires_at: datetime
        finished_at: datetime | None

        def get_absolute_url(self) -> str: ...

        @property
        def is_open(self) -> bool: ...

        @property
        def is_multipart(self) -> bool: ...

        @property
        def plan(self) -> "UploadPlan": ...

        @property
        def sender(self) -> "Sender": ...

        def require_open(self) -> None: ...

        def require_quota(self) -> None: ...

        # Presignable
        multipart_id: str
        with_sha256: bool

        @property
        def form_limit(self) -> int: ...

        @property
        def form_lifetime(self) -> int: ...

        def stored_parts(self) -> "list[StoredPart]": ...

        # Cancellable
        def close(self, state: "UploadBase.State", *, by: "Actor" = None) -> None: ...
