"""The audit trail: one row for each change, written in the same transaction and never altered."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_LABEL = 254


class Event(models.Model):
    """One `action` on a subject. Its labels are kept after the subject is deleted."""

    action = models.CharField(
        max_length=50, db_index=True, help_text=_("App and verb, such as link.revoked.")
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty if it was the system."),
    )
    actor_label = models.CharField(max_length=MAX_LABEL, blank=True)
    subject_type = models.CharField(max_length=50)
    subject_id = models.CharField(max_length=64)
    subject_label = models.CharField(max_length=300)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="event_by_subject")]

    def __str__(self) -> str:
        return f"{self.action}: {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An event is history: it is written once and never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An event is history: it is not deleted.")
