"""Errors of accounts, invitations and quotas."""

from django.utils.translation import gettext

from sharing import wording


class QuotaExceeded(Exception):
    """`size` bytes were asked for, and `free` are left. `held` bytes will be free within an hour."""

    def __init__(self, *, size: int, free: int, held: int = 0) -> None:
        told = gettext(
            "This file is %(size)s, and you have %(free)s left. "
            "Delete files you no longer need and empty the trash, or ask for more space."
        )
        if held:
            told = gettext(
                "This file is %(size)s, and you have %(free)s left. "
                "%(held)s more will be free within an hour, once files you just removed are deleted from storage."
            )
        sizes = {"size": wording.size(size), "free": wording.size(free), "held": wording.size(held)}
        super().__init__(told % sizes)
        self.size = size
        self.free = free


class InvitationRefused(Exception):
    """This person cannot be invited, or not by this one. The text says why."""


class InvitationClosed(Exception):
    """The invitation was used, has expired, or is no longer honoured."""


class AlreadySetUp(Exception):
    """The first account exists: there is nothing left to set up."""
