"""What can go wrong with a request for files."""

from sharing.files.errors import FilesError


class RequestClosed(FilesError):
    """The request takes nothing (any longer): closed, expired, or its owner is suspended."""


class RequestFull(FilesError):
    """More files or bytes than the request takes, or than its owner has room for."""


class RequestLocked(FilesError):
    """The request asks this guest for its password, perhaps again since it is another one."""


class NotAsked(FilesError):
    """A file of a kind or size that was not asked for."""


class InvalidKinds(Exception):
    """Words of which no list of kinds of files can be made."""
