"""Django's mail backend for an instance without a mail server: each message becomes an `.eml` file."""

import logging
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone

OUTBOX = "sharing.mail.outbox.OutboxBackend"

logger = logging.getLogger(__name__)


def is_mail_server_set() -> bool:
    """Return True if mails go to a mail server. Else they become files, and reach nobody."""
    return bool(settings.MAILERS["default"]["BACKEND"] != OUTBOX)


class OutboxBackend(BaseEmailBackend):
    """Writes every message to `folder`, in mode 0600 since it may hold a sign-in link, and logs the path."""

    def __init__(self, *, folder: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            path = self.folder / f"{timezone.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}.eml"
            path.touch(mode=0o600)
            path.write_bytes(message.message().as_bytes())
            logger.info("Mail to %s is in %s", ", ".join(message.recipients()), path)
        return len(email_messages)
