"""The kinds of files that a list can be filtered by: pictures, documents, archives and so on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharing.files.names import DEFAULT_TYPE


class Kind(models.TextChoices):
    PICTURE = "picture", _("Pictures")
    VIDEO = "video", _("Videos")
    AUDIO = "audio", _("Audio")
    DOCUMENT = "document", _("Documents")
    ARCHIVE = "archive", _("Archives")
    OTHER = "other", _("Other files")


# By the first part of a media type.
_FAMILIES = {"image": Kind.PICTURE, "video": Kind.VIDEO, "audio": Kind.AUDIO, "text": Kind.DOCUMENT}
# By a piece of the second part: there are many types for each, such as `vnd.oasis.opendocument.text`.
_PIECES = {
    "pdf": Kind.DOCUMENT,
    "msword": Kind.DOCUMENT,
    "opendocument": Kind.DOCUMENT,
    "officedocument": Kind.DOCUMENT,
    "ms-excel": Kind.DOCUMENT,
    "ms-powerpoint": Kind.DOCUMENT,
    "rtf": Kind.DOCUMENT,
    "epub": Kind.DOCUMENT,
    "iwork": Kind.DOCUMENT,
    "zip": Kind.ARCHIVE,
    "x-tar": Kind.ARCHIVE,
    "7z": Kind.ARCHIVE,
    "rar": Kind.ARCHIVE,
    "x-xz": Kind.ARCHIVE,
    "zstd": Kind.ARCHIVE,
}
# By a name's ending, where the sender's system knew no type.
_ENDINGS = {
    **dict.fromkeys(("heic", "heif", "avif", "webp", "dng", "cr2", "nef", "arw", "psd"), Kind.PICTURE),
    **dict.fromkeys(("mkv", "mov", "mp4", "mts", "m2ts", "webm"), Kind.VIDEO),
    **dict.fromkeys(("flac", "m4a", "mp3", "ogg", "opus", "wav"), Kind.AUDIO),
    **dict.fromkeys(("doc", "docx", "md", "odt", "ods", "odp", "pages", "pdf", "ppt", "pptx"), Kind.DOCUMENT),
    **dict.fromkeys(("rtf", "txt", "xls", "xlsx"), Kind.DOCUMENT),
    **dict.fromkeys(("7z", "bz2", "gz", "rar", "tar", "tgz", "xz", "zip", "zst"), Kind.ARCHIVE),
}


def kind_of(*, content_type: str, name: str) -> Kind:
    """Return the kind of a file by its type, or by its name where there is no type."""
    if content_type == DEFAULT_TYPE:
        return _ENDINGS.get(name.rpartition(".")[2].lower(), Kind.OTHER)
    family, _slash, subtype = content_type.partition("/")
    if family in _FAMILIES:
        return _FAMILIES[family]
    return next((kind for piece, kind in _PIECES.items() if piece in subtype), Kind.OTHER)
