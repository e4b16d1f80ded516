"""Reads bounces: delivery status notifications (RFC 3464) of mails to recipients.

The Message-ID tells which mail came back. It holds a token, so that only who had the mail can say that it failed.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from sharing import tokens
from sharing.characters import cut
from sharing.links.models import Recipient
from sharing.mail.composing import MAX_REASON
from sharing.wording import one_line

if TYPE_CHECKING:
    type AnyMessage = Message[str, str]

# No more is read of one: a server returns the mail with it, and ours are short.
MAX_BOUNCE_SIZE = 1024 * 1024
_HEADERS_ALONE = {"text/rfc822-headers", "message/global-headers"}


def take_bounce(content: bytes) -> Recipient | None:
    """Mark the mail as failed that this bounce returns. Return its recipient, or None where there is nothing to tell.

    Notices of a delay, and bounces of other mails, are left alone. Safe to repeat.
    """
    message = message_from_bytes(content)
    if message.get_content_type() != "multipart/report":
        return None
    reason, recipient = _reason_in(message), _recipient_in(message)
    return recipient if reason and recipient and recipient.bounce(reason) else None


def _reason_in(report: "AnyMessage") -> str:
    """Return why it was given up, in the words of the last server; "" where it was not."""
    for fields in _status_fields(report):
        if _text(fields, "Action").strip().lower() == "failed":
            # "smtp; 550 5.1.1 No such user": the type of the code is nothing to a person.
            said = _text(fields, "Diagnostic-Code").partition(";")[2] or _text(fields, "Status")
            reason = said.strip() or _("no reason was given")
            return cut(one_line(_("Bounced: %(reason)s") % {"reason": reason}), MAX_REASON)
    return ""


def _status_fields(report: "AnyMessage") -> "Iterator[AnyMessage]":
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            yield from (group for group in payload if isinstance(group, Message))


def _recipient_in(report: "AnyMessage") -> Recipient | None:
    for returned in _returned(report):
        found = re.search(rf"\.({tokens.TOKEN_PATTERN})@", _text(returned, "Message-ID"))
        public_id = tokens.read(Recipient.BOUNCE, found[1]) if found else None
        if public_id:
            return Recipient.objects.select_related("link").filter(public_id=public_id).first()
    return None


def _returned(report: "AnyMessage") -> "Iterator[AnyMessage]":
    """Yield the mail that came back, or its headers alone."""
    for part in report.walk():
        if part.get_content_type() in _HEADERS_ALONE:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield message_from_string(payload.decode("utf-8", "replace"))
        elif part is not report:
            yield part


def _text(message: "AnyMessage", name: str) -> str:
    """Return a header as text. The parser gives an object where it holds bytes beyond ASCII."""
    return str(message.get(name, ""))
