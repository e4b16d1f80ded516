"""Requests of visitors for more time, who came after a link had expired."""

from datetime import date
from typing import ClassVar

from django.core.mail import EmailMessage
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.audit.record import record
from sharing.background import enqueue_on_commit
from sharing.characters import cut
from sharing.links.errors import AskedTooOften
from sharing.links.models.link import Link
from sharing.links.models.recipient import Recipient
from sharing.mail.address_list import MAX_NAME, mailbox
from sharing.mail.composing import compose
from sharing.mail.mailing import Mailing
from sharing.rate_limits import TIME_REQUESTS, RateLimitExceeded, consume
from sharing.wording import one_line, plain_lines

MAX_WORDS = 500


class TimeRequestManager(models.Manager["TimeRequest"]):
    def ask(
        self, link: Link, recipient: Recipient | None, *, network: str, name: str = "", words: str = ""
    ) -> "TimeRequest":
        """Mail the owner of an expired link that this recipient, or a visitor, asks for more time.

        Raises AskedTooOften.
        """
        try:
            with transaction.atomic():
                request = self.create(
                    link=link,
                    recipient=recipient,
                    name=cut(one_line(name), MAX_NAME),
                    words=cut(plain_lines(words).strip(), MAX_WORDS),
                )
                consume(TIME_REQUESTS, network)
                record("link.more_time_asked", link, name=request.asker, words=request.words)
                enqueue_on_commit("sharing.links.tasks.send_time_request", request.pk)
        except (IntegrityError, RateLimitExceeded) as error:
            raise AskedTooOften from error
        return request

    def asked_today(self, link: Link) -> bool:
        return self.filter(link=link, day=today()).exists()


def today() -> date:
    return timezone.now().date()


class TimeRequest(Mailing):
    """One request, mailed to the sender. A constraint allows one a day (UTC) for each link."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="time_requests")
    recipient = models.ForeignKey(
        Recipient, null=True, on_delete=models.CASCADE, related_name="time_requests"
    )
    name = models.CharField(max_length=MAX_NAME, blank=True)
    words = models.TextField(max_length=MAX_WORDS, blank=True)
    day = models.DateField(default=today)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[TimeRequestManager] = TimeRequestManager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="time_request_once_a_day")]

    def __str__(self) -> str:
        return _("%(link)s on %(day)s") % {"link": self.link, "day": self.day}

    @property
    def asker(self) -> str:
        """The recipient's label, or else the name that the visitor gave."""
        return self.recipient.label if self.recipient else self.name

    def obstacle(self) -> str:
        return super().obstacle() if self.link.owner.is_active else _("The account is suspended.")

    def compose(self) -> EmailMessage:
        link = Link.objects.with_contents().get(pk=self.link_id)
        reply_to = mailbox(self.recipient.email, self.recipient.name) if self.recipient else ""
        return compose("more_time", link.owner.email, {"request": self, "link": link}, reply_to=reply_to)
