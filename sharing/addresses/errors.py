"""Errors of addresses, and of the rules that protect them."""


class Locked(Exception):
    """The password or the code that the address asks for was not typed."""


class WrongPassword(Locked):
    """Something was typed, and it was not the password."""


class InvalidRule(Exception):
    """A rule that no address can be held to."""


class InvalidExpiry(InvalidRule):
    """A moment at which nothing can expire: it has passed, or lies too far ahead."""


class InvalidPassword(InvalidRule):
    """A password that is too short or too long."""


class InvalidSlug(InvalidRule):
    """A name of which nothing is left that an address can hold."""
