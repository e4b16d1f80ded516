"""Marks the arrivals of a request that its owner has seen."""

from django.db import models
from django.db.models import F

from sharing.requests.models.base import FileRequestBase


class Watched(FileRequestBase):
    """Adds `unseen_count`, the number of files that have arrived since the owner looked at the request last."""

    unseen_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def mark_seen(self) -> None:
        """Forget the arrivals that were counted when this row was loaded. Takes one UPDATE, none where there are none.

        `unseen_count` stays as it is, for the page that shows them. What arrives meanwhile stays counted.
        """
        if self.unseen_count:
            counted = type(self).objects.filter(pk=self.pk, unseen_count__gte=self.unseen_count)
            counted.update(unseen_count=F("unseen_count") - self.unseen_count)
