"""Errors about files and uploads. Each message tells what to do; the API maps each class to a status."""


class FilesError(Exception):
    """Base of all errors about a file or an upload that a person can understand and correct."""


class InvalidName(FilesError):
    """A file's name, folder path or type that cannot be kept."""


class FileTooLarge(FilesError):
    """More bytes than MAX_FILE_SIZE, or than S3 stores in one object."""


class InvalidPart(FilesError):
    """A part that the plan does not have, or a digest that is no SHA-256."""


class UploadClosed(FilesError):
    """The upload was cancelled or has expired: start it again."""


class UploadLost(UploadClosed):
    """The bucket no longer has what was sent."""


class UploadUnknown(FilesError):
    """The upload is nobody's, or another user's: the two must look the same."""


class UploadDiffers(FilesError):
    """An upload of this id was started with another spec."""


class FileChanged(FilesError):
    """A part was asked for again with another digest: the file picked is not the one that was started."""


class NotArrived(FilesError):
    """The bucket does not have all the bytes yet; `missing` lists the numbers of the parts to send."""

    def __init__(self, message: str, missing: list[int] | None = None) -> None:
        super().__init__(message)
        self.missing = missing or []


class ArrivedDamaged(FilesError):
    """The bucket has other bytes than were announced. They are dropped and the upload ends: send it again."""


class InvalidThumbnail(FilesError):
    """A thumbnail that is too large or comes without its digest, or one of a file that is no picture."""


class InvalidLifetime(FilesError):
    """The lifetime of a presigned URL is out of bounds: 1 to 604,800 seconds."""


class Unavailable(FilesError):
    """No direct URL can be created now."""


class NotInTrash(FilesError):
    """The file has left the trash for good."""


class CopyDiffers(FilesError):
    """The bucket's copy of an object differs from it."""
