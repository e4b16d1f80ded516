"""How every room writes to the record."""

from typing import TYPE_CHECKING, Any

from django.db import models

from sharing.audit.models import Event

if TYPE_CHECKING:
    from sharing.accounts.models import User


def record(action: str, subject: models.Model, *, by: "User | None" = None, **details: Any) -> None:
    """Write one event. Takes one INSERT: call it inside the transaction that makes the change.

    `details` must be JSON; never put a token, a password or a presigned URL there.
    """
    Event.objects.create(
        action=action,
        actor=by,
        actor_label=by.email if by else "",
        subject_type=subject._meta.label_lower.rpartition(".")[2],
        subject_id=str(subject.pk),
        subject_label=str(subject)[:300],
        details=details,
    )
