"""Errors of links."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharing.addresses.errors import InvalidRule, Locked
from sharing.wording import grouped


class LinkClosed(Exception):
    """The link gives nothing (any longer); the landing page says why."""


class WrongCode(Locked):
    """Something was typed, and it was not the code that was mailed, or not any longer."""


class InvalidLimit(InvalidRule):
    """A number of downloads that no link can have as its limit."""


class TooManyFiles(InvalidRule):
    """More files than one link takes."""


class InvalidRecipients(InvalidRule):
    """Nobody to whom a link could be mailed, or something that is no address."""


class MailLimitReached(Exception):
    """The sender would have more mails sent today than they may. `left` says how many they still may."""

    def __init__(self, left: int) -> None:
        words = ngettext(
            "You can send %(n)s more email today. Nothing was sent.",
            "You can send %(n)s more emails today. Nothing was sent.",
            left,
        )
        none = _("You have reached today's limit of emails. Try again tomorrow.")
        super().__init__(words % {"n": grouped(left)} if left else none)
        self.left = left


class AskedTooOften(Exception):
    """The sender of this link, or too many senders from this network, were asked for more time just now."""
