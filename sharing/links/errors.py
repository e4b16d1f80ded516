"""Errors of links."""

from django.utils.translation import ngettext

from sharing.addresses.errors import InvalidRule, Locked


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
        text = ngettext(
            "Only %(n)s more email can be sent today.", "Only %(n)s more emails can be sent today.", left
        )
        super().__init__(text % {"n": left})
        self.left = left


class AskedTooOften(Exception):
    """The sender of this link, or too many senders from this network, were asked for more time just now."""
