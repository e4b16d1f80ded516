"""What can go wrong with an account and its means."""


class QuotaExceeded(Exception):
    """`size` bytes were asked for where only `free` are left."""

    def __init__(self, *, size: int, free: int) -> None:
        super().__init__(f"{size} bytes do not fit into the {free} bytes that are left.")
        self.size = size
        self.free = free


class InvitationRefused(Exception):
    """This person cannot be invited, or not by this one; the text says why."""


class InvitationClosed(Exception):
    """The invitation was used, has expired, or is no longer honoured."""


class AlreadySetUp(Exception):
    """The first account exists: there is nothing left to set up."""
