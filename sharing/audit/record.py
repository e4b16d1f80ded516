"""Write to the audit trail."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.db import models

from sharing.audit.models import MAX_LABEL, Event
from sharing.characters import cut


class Account(Protocol):
    """A row of settings.AUTH_USER_MODEL."""

    @property
    def pk(self) -> int: ...

    @property
    def email(self) -> str: ...


# An account; the name that somebody without one goes by; None for the system.
type Actor = Account | str | None


def record(action: str, subject: models.Model, *, by: Actor = None, **details: Any) -> None:
    """Write one event. Takes one INSERT: call it inside the transaction that makes the change.

    `details` must be JSON; never put a token, a password or a presigned URL there.
    """
    _event(action, subject, by, details).save(force_insert=True)


def record_all(
    action: str, happened: Iterable[tuple[models.Model, dict[str, Any]]], *, by: Actor = None
) -> None:
    """Write one event for each subject and its details. Takes one INSERT for all of them."""
    Event.objects.bulk_create([_event(action, subject, by, details) for subject, details in happened])


def _event(action: str, subject: models.Model, by: Actor, details: dict[str, Any]) -> Event:
    account, label = (None, by or "") if by is None or isinstance(by, str) else (by.pk, by.email)
    return Event(
        action=action,
        actor_id=account,
        actor_label=cut(label, MAX_LABEL),
        subject_type=subject._meta.label_lower.rpartition(".")[2],
        subject_id=str(subject.pk),
        subject_label=cut(str(subject), 300),
        details=details,
    )
