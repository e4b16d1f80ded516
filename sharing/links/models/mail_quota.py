"""The number of mails that a sender may have sent in a day. Without it the app would soon be on blocklists."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.links.errors import MailLimitReached

if TYPE_CHECKING:
    from sharing.accounts.models import User


class MailQuotaManager(models.Manager["MailQuota"]):
    def spend(self, owner: "User", mails: int) -> None:
        """Count `mails` against MAILS_PER_DAY, by one conditional UPDATE. Raises MailLimitReached."""
        today = timezone.now().date()
        self.bulk_create([MailQuota(owner=owner, day=today)], ignore_conflicts=True)
        own = self.filter(owner=owner)
        own.filter(day__lt=today).update(day=today, mails=0)
        if not own.filter(mails__lte=settings.MAILS_PER_DAY - mails).update(mails=F("mails") + mails):
            raise MailLimitReached(max(0, settings.MAILS_PER_DAY - own.get().mails))


class MailQuota(models.Model):
    """The mails that one sender has had sent today. Starts anew each day (UTC)."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_quota"
    )
    day = models.DateField()
    mails = models.PositiveIntegerField(default=0)

    objects: ClassVar[MailQuotaManager] = MailQuotaManager()

    class Meta:
        db_table = "links_postage"

    def __str__(self) -> str:
        return _("%(owner)s: %(mails)s on %(day)s") % {
            "owner": self.owner_id,
            "mails": self.mails,
            "day": self.day,
        }
