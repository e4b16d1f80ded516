"""The number of views of a link. A view spends no download."""

from django.db import models
from django.db.models import F

from sharing.links.models.base import LinkBase


class ViewCounted(LinkBase):
    """Adds `view_count`."""

    view_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def count_views(self, times: int = 1) -> None:
        """Count views. Takes one UPDATE."""
        type(self).objects.filter(pk=self.pk).update(view_count=F("view_count") + times)
