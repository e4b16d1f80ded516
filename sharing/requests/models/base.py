"""Names that the traits of FileRequest use of the model and of one another, for the type checker.

Each trait stands alone in a file of its own and inherits from the base below. `file_request.py` puts them side by side.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction

from sharing.audit.record import record

if TYPE_CHECKING:
    from sharing.accounts.models import User


class FileRequestBase(models.Model):
    """Base of FileRequest's traits."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        objects: ClassVar[Any]

        # Fields of FileRequest
        owner: "User"

        # Closable
        closed_at: datetime | None

        # Expiring
        @property
        def is_expired(self) -> bool: ...

        # UploadLimited
        @property
        def is_full(self) -> bool: ...

    def change(self, rules: Mapping[str, int | datetime | str | None], *, by: "User") -> None:
        """Save these fields; record those that changed, with what held before."""
        changed = {name: value for name, value in rules.items() if getattr(self, name) != value}
        if not changed:
            return
        before = {name: _recorded(getattr(self, name)) for name in changed}
        with transaction.atomic():
            for name, value in changed.items():
                setattr(self, name, value)
            self.save(update_fields=list(changed))
            after = {name: _recorded(value) for name, value in changed.items()}
            record("request.changed", self, by=by, before=before, after=after)


def _recorded(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
