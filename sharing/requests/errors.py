"""Errors of requests for files."""

from sharing.files.errors import FilesError


class RequestClosed(FilesError):
    """The request takes no files: it is closed or expired, or its owner is suspended."""


class RequestFull(FilesError):
    """The files do not fit into the request's limits, or into its owner's quota."""


class RequestLocked(FilesError):
    """The request asks this guest for its password, again if it was changed."""


class NotAsked(FilesError):
    """The request does not take files of this kind or size."""


class InvalidKinds(Exception):
    """The text is no list of kinds of files."""
