"""What can go wrong with an account and its means."""

from sharing import wording


class QuotaExceeded(Exception):
    """`size` bytes were asked for where only `free` are left."""

    def __init__(self, *, size: int, free: int) -> None:
        super().__init__(
            f"The file has {wording.size(size)} and {wording.size(free)} of your space are left: "
            "delete files you no longer need and empty the trash, or ask for more."
        )
        self.size = size
        self.free = free


class InvitationRefused(Exception):
    """This person cannot be invited, or not by this one; the text says why."""


class InvitationClosed(Exception):
    """The invitation was used, has expired, or is no longer honoured."""


class AlreadySetUp(Exception):
    """The first account exists: there is nothing left to set up."""
