"""Limits of a request: the kinds, the number and the sizes of files it takes, and how much of that is taken."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from sharing.requests.models.base import FileRequestBase


class UploadLimited(FileRequestBase):
    """Adds the limits and their counters. `taken_*` count what is there or on its way."""

    kinds = models.CharField(
        max_length=500, blank=True, help_text=gettext_lazy("Empty: any. A claim of the sender's.")
    )
    file_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=gettext_lazy("Files in all. Empty: any number.")
    )
    size_limit = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=gettext_lazy("Bytes a file. Empty: any.")
    )
    total_limit = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=gettext_lazy("Bytes in all. Empty: any.")
    )
    taken_count = models.PositiveIntegerField(default=0, editable=False)
    taken_bytes = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def has_limits(self) -> bool:
        """True if not every file is taken."""
        return bool(self.kinds) or any((self.file_limit, self.size_limit, self.total_limit))

    @property
    def is_full(self) -> bool:
        """True if a limit is reached. Takes no query."""
        has_all_files = self.file_limit is not None and self.taken_count >= self.file_limit
        return has_all_files or (self.total_limit is not None and self.taken_bytes >= self.total_limit)

    @property
    def bytes_left(self) -> int | None:
        """The bytes that may still be sent; None where no limit counts them."""
        return None if self.total_limit is None else max(0, self.total_limit - self.taken_bytes)

    def take(self, count: int, size: int) -> bool:
        """Count so many files and bytes, and return True, if the request is usable and they fit.

        One conditional UPDATE, so that racing guests cannot exceed a limit.
        """
        files_fit = Q(file_limit=None) | Q(file_limit__gte=F("taken_count") + count)
        bytes_fit = Q(total_limit=None) | Q(total_limit__gte=F("taken_bytes") + size)
        return bool(
            type(self)
            .objects.usable()
            .filter(files_fit, bytes_fit, pk=self.pk)
            .update(taken_count=F("taken_count") + count, taken_bytes=F("taken_bytes") + size)
        )


def full() -> Q:
    """Return the condition that `is_full` states, for a queryset."""
    return Q(taken_count__gte=F("file_limit")) | Q(taken_bytes__gte=F("total_limit"))
