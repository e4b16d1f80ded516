"""What the traits of Link use of the model and of one another, stated for the type checker.

Each trait stands alone in a file of its own and inherits from the base below. `link.py` puts them side by side.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

if TYPE_CHECKING:
    from sharing.accounts.models import User
    from sharing.links.models.querysets import LinkManager


class LinkBase(models.Model):
    """Base of Link's traits."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        objects: ClassVar[LinkManager]

        # Fields of Link
        owner: "User"
        public_id: str

        # What refers to it
        items: Any

        # Expiring
        expires_at: datetime | None

        @property
        def is_expired(self) -> bool: ...

        # Revocable
        revoked_at: datetime | None

        def stop_issued_downloads(self, **only: Any) -> None: ...

        # DownloadLimited
        download_limit: int | None

        # Titled
        title: str

        # Locked by a password or a code
        @property
        def is_locked(self) -> bool: ...
