"""How many mails a sender has had sent today: a house that anybody may write from would soon be on every blocklist."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from sharing.links.errors import MailLimitReached

if TYPE_CHECKING:
    from sharing.accounts.models import User


class PostageManager(models.Manager["Postage"]):
    def spend(self, owner: "User", mails: int) -> None:
        """Take so many of MAILS_PER_DAY. One conditional UPDATE checks and counts. Raises MailLimitReached."""
        today = timezone.now().date()
        self.bulk_create([Postage(owner=owner, day=today)], ignore_conflicts=True)
        own = self.filter(owner=owner)
        own.filter(day__lt=today).update(day=today, mails=0)
        if not own.filter(mails__lte=settings.MAILS_PER_DAY - mails).update(mails=F("mails") + mails):
            raise MailLimitReached(max(0, settings.MAILS_PER_DAY - own.get().mails))


class Postage(models.Model):
    """One row a sender; it starts anew with each day (UTC)."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="postage")
    day = models.DateField()
    mails = models.PositiveIntegerField(default=0)

    objects: ClassVar[PostageManager] = PostageManager()

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.mails} on {self.day}"
