"""What can go wrong with a link."""


class LinkClosed(Exception):
    """The link gives nothing (any longer); the landing page says why."""


class InvalidExpiry(Exception):
    """A moment at which no link can expire."""
