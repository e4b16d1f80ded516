"""The base of Link's traits. States what they use of the model and of one another, for the type checker.

Each trait stands alone in a file of its own and inherits from the base below. `link.py` puts them side by side.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from sharing.addresses.expiry import Expiring

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from sharing.accounts.models import User


class LinkBase(Expiring):
    """Base of Link's traits. Adds `expires_at`, which Extendable moves."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager[Self]]

        # Fields of Link
        owner: User
        public_id: str

        # Rows that refer to it
        items: RelatedManager[models.Model]

        # Revocable
        revoked_at: datetime | None

        def revoke(self, *, by: "User", stop_downloads: bool = False) -> None: ...

        def stop_issued_downloads(self, **only: int | str) -> None: ...

        # DownloadLimited
        download_limit: int | None

        # Titled
        title: str

        # Locked by a password or a code
        @property
        def is_locked(self) -> bool: ...
