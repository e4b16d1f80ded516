"""Settings that staff changed in the admin panel."""

from django.db import models
from django.utils import timezone


class SiteSetting(models.Model):
    """A value that replaces the environment's variable of the same `name`, until the row is deleted."""

    name = models.CharField(max_length=50, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField(default=timezone.now)
    # The address stays when the account is deleted, as in the audit trail.
    changed_by = models.CharField(max_length=254)

    def __str__(self) -> str:
        return self.name
