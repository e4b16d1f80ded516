"""One-time codes by mail. They show that whoever opens a recipient's address can read its mailbox."""

import hashlib
from typing import ClassVar

from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from sharing import tokens
from sharing.audit.record import record
from sharing.background import enqueue_on_commit
from sharing.links.models.recipient import Recipient
from sharing.mail.address_list import mailbox
from sharing.mail.composing import compose
from sharing.mail.mailing import Mailing
from sharing.rate_limits import CODE_TRIES_ANYWHERE

LIFE = CODE_TRIES_ANYWHERE.period
DIGITS = 6


class OneTimeCodeManager(models.Manager["OneTimeCode"]):
    def mail_to(self, recipient: Recipient) -> "OneTimeCode":
        """Mail them a new code, and invalidate their former ones."""
        with transaction.atomic():
            self.filter(recipient=recipient, used_at=None).update(used_at=timezone.now(), due_at=None)
            code = self.create(recipient=recipient)
            record("link.code_mailed", recipient.link, recipient=recipient.email)
            enqueue_on_commit("sharing.links.tasks.send_code", code.pk)
        return code

    def accept(self, recipient: Recipient, typed: str) -> bool:
        """True if that is their code, which works once. Each try is counted by one conditional UPDATE."""
        guesses_left = self.filter(
            recipient=recipient,
            used_at=None,
            guesses__lt=CODE_TRIES_ANYWHERE.count,
            created_at__gt=timezone.now() - LIFE,
        )
        code = guesses_left.order_by("-pk").first()
        if code is None or not guesses_left.filter(pk=code.pk).update(guesses=F("guesses") + 1):
            return False
        if not constant_time_compare(code.digits, "".join(filter(str.isdigit, typed))):
            return False
        return bool(self.filter(pk=code.pk, used_at=None).update(used_at=timezone.now()))


class OneTimeCode(Mailing):
    """A code that was mailed to a recipient. Its digits are computed from `public_id` and not stored."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="codes")
    public_id = models.CharField(max_length=12, default=tokens.new_public_id, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    guesses = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[OneTimeCodeManager] = OneTimeCodeManager()

    class Meta:
        db_table = "links_code"
        ordering = ["pk"]

    def __str__(self) -> str:
        return _("A code for %(recipient)s") % {"recipient": self.recipient}

    @property
    def digits(self) -> str:
        """Return six digits of a keyed digest, truncated as in RFC 4226 section 5.3."""
        number = int.from_bytes(hashlib.sha256(tokens.mint("code", self.public_id).encode()).digest())
        number %= 10**DIGITS
        return f"{number:0{DIGITS}}"

    def obstacle(self) -> str:
        if self.used_at or timezone.now() > self.created_at + LIFE:
            return _("The code has expired.")
        return super().obstacle()

    def compose(self) -> EmailMessage:
        recipient = self.recipient
        context = {"code": self.digits, "recipient": recipient, "link": recipient.link}
        return compose("code", mailbox(recipient.email, recipient.name), context)
