"""The lease and the last runs, by which schedulers agree through the database."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class LeaseManager(models.Manager["Lease"]):
    def take(self, name: str, *, holder: str, length: timedelta) -> bool:
        """Take or renew the lease for `length` from now. Return True if `holder` has it.

        One conditional UPDATE, so of many who race for it one has it.
        """
        now = timezone.now()
        available = self.filter(Q(holder=holder) | Q(expires_at__lte=now), name=name)
        if available.update(holder=holder, expires_at=now + length):
            return True
        if self.filter(name=name).exists():
            return False
        self.bulk_create([Lease(name=name, expires_at=NEVER)], ignore_conflicts=True)
        return bool(available.update(holder=holder, expires_at=now + length))

    def give_back(self, name: str, *, holder: str) -> None:
        """Release the lease, so that another holder can take it at once."""
        self.filter(name=name, holder=holder).update(expires_at=timezone.now())


class Lease(models.Model):
    """The exclusive right of a holder to do something, until it expires."""

    name = models.CharField(max_length=50, primary_key=True)
    holder = models.CharField(max_length=100, blank=True)
    expires_at = models.DateTimeField()

    objects = LeaseManager()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}, {self.expires_at}"


class LastRunManager(models.Manager["LastRun"]):
    def begin(self, job: str, *, every: timedelta) -> bool:
        """Return True if this periodic task is due, and note that it ran now.

        One conditional UPDATE, so that one of several callers gets True.
        """
        now = timezone.now()
        due: dict[str, Any] = {"job": job, "ran_at__lte": now - every}
        if self.filter(**due).update(ran_at=now):
            return True
        if self.filter(job=job).exists():
            return False
        self.bulk_create([LastRun(job=job, ran_at=NEVER)], ignore_conflicts=True)
        return bool(self.filter(**due).update(ran_at=now))


class LastRun(models.Model):
    """Records when a periodic task was last enqueued."""

    job = models.CharField(max_length=100, primary_key=True)
    ran_at = models.DateTimeField()

    objects = LastRunManager()

    def __str__(self) -> str:
        return f"{self.job}: {self.ran_at}"
