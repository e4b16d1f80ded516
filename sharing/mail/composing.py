"""Composes mails in plain text and HTML from templates, and reads why a mail server refused one."""

import smtplib
from email.utils import make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sharing.characters import cut
from sharing.mail.address_list import mailbox
from sharing.site.current import site
from sharing.wording import one_line

MAX_REASON = 300
# A file's list in a mail is for recognising it; the page has all of them.
FILES_NAMED = 10
# RFC 5321 section 4.2.1: a reply that begins with 5 is for good.
_PERMANENT = 500


def compose(
    template: str,
    to: str,
    context: dict[str, Any],
    *,
    folder: str = "links/email",
    sender: str = "",
    reply_to: str = "",
    reference: str = "",
) -> EmailMultiAlternatives:
    """Return the mail that the templates `<folder>/<template>_*` make of the context. `sender` is the name in From.

    `reference` ends the first half of the Message-ID, by which a bounce is matched to its mail.
    """
    host = urlsplit(settings.SITE_URL).netloc
    addresses = {"site_url": settings.SITE_URL, "site_host": host}
    name, address = parseaddr(default_sender())
    prefix = f"{folder}/{template}"
    message = EmailMultiAlternatives(
        subject=one_line(render_to_string(f"{prefix}_subject.txt", {**context, **addresses})),
        body=render_to_string(f"{prefix}_message.txt", {**context, **addresses}).strip() + "\n",
        from_email=mailbox(address, sender or name),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={
            # RFC 3834 section 5: nobody's holiday notice need answer it.
            "Auto-Submitted": "auto-generated",
            "Message-ID": make_msgid(reference or None, domain=urlsplit(settings.SITE_URL).hostname),
        },
    )
    message.attach_alternative(
        render_to_string(f"{prefix}_message.html", {**context, **addresses}), "text/html"
    )
    return message


def default_sender() -> str:
    """Return the address and name in From: MAIL_FROM, else the site's name as it is now."""
    if "MAIL_FROM" in settings.ENVIRONMENT.model_fields_set:
        return str(settings.DEFAULT_FROM_EMAIL)
    return mailbox(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], site.name)


def is_permanent(error: Exception) -> bool:
    """Return True if another try would be refused as well: the server said so (5xx), or the address cannot be written.

    False for what an operator can mend, such as a wrong password at the mail server.
    """
    if isinstance(error, ValueError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return int(error.smtp_code) >= _PERMANENT
    return False


def reason_of(error: Exception) -> str:
    """Return in one line why a mail was not taken, as far as the server said."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        reason = f"{code} {_text(words)}"
    elif isinstance(error, smtplib.SMTPResponseException):
        reason = f"{error.smtp_code} {_text(error.smtp_error)}"
    elif isinstance(error, smtplib.SMTPServerDisconnected):
        reason = _("The mail server closed the connection.")
    elif isinstance(error, ValueError):
        reason = _("This address cannot receive email.")
    else:
        reason = _("The mail server cannot be reached: %(error)s") % {"error": error}
    return cut(one_line(reason), MAX_REASON)


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
