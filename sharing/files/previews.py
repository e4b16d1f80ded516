"""Decides which files a browser may show, and as which type: one of ours, never the one that the uploader claims.

The extension says more than the type that the sender's system has for it: a system that knows none says
`application/octet-stream`. Nothing on these lists is active: HTML, SVG and XML are not shown as what they are.
"""

import re

PLAIN_TEXT = "text/plain; charset=utf-8"
# A browser holds all of a text in memory.
MAX_TEXT_SIZE = 2 * 1024 * 1024

# Extensions by the type under which browsers show them. They detect films and sound themselves, whatever the type; but
# most would save a `video/quicktime` that is opened in a tab, and MP4 is of the same family (ISO/IEC 14496-12).
_EXTENSIONS = {
    "image/png": "png apng",
    "image/jpeg": "jpg jpeg jpe jfif pjpeg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/heic": "heic heif hif",
    "image/bmp": "bmp",
    "video/mp4": "mp4 m4v mov qt 3gp 3g2",
    "video/webm": "webm",
    "video/x-matroska": "mkv",
    "video/ogg": "ogv",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a m4b m4r",
    "audio/aac": "aac adts",
    "audio/ogg": "ogg oga opus",
    "audio/wav": "wav wave",
    "audio/webm": "weba",
    "audio/flac": "flac",
    "application/pdf": "pdf",
    PLAIN_TEXT: (
        "asc bat c cc cfg conf cpp cs css csv diff env go h hpp ini ics java js json jsonl jsx kt lock log lua m3u md "
        "markdown mjs nfo ndjson patch php pl properties ps1 py r rb rs rst scala sh sql srt swift tex text toml ts "
        "tsv tsx txt vcf vtt yaml yml"
    ),
}
_BY_EXTENSION = {
    extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions.split()
}
# Other words for these types, in use or once in use.
_BY_CLAIM = {kind: kind for kind in _EXTENSIONS} | {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/apng": "image/png",
    "image/heif": "image/heic",
    "image/x-ms-bmp": "image/bmp",
    "application/mp4": "video/mp4",
    "video/x-m4v": "video/mp4",
    "video/quicktime": "video/mp4",
    "video/3gpp": "video/mp4",
    "video/3gpp2": "video/mp4",
    "video/matroska": "video/x-matroska",
    "application/x-matroska": "video/x-matroska",
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/x-mpeg": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/x-m4b": "audio/mp4",
    "audio/x-aac": "audio/aac",
    "audio/aacp": "audio/aac",
    "audio/vnd.dlna.adts": "audio/aac",
    "audio/opus": "audio/ogg",
    "audio/vorbis": "audio/ogg",
    "application/ogg": "audio/ogg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/x-pn-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "application/x-pdf": "application/pdf",
}
_TEXT_CLAIM = re.compile(
    r"text/.+|application/((.+\+)?json|jsonl|x-ndjson|(x-)?(java|ecma|type)script|(x-)?yaml|(.+\+)?yaml|toml|sql|x-sh|x-httpd-php|csv)"
)
_TEXT_NAMES = {
    "readme",
    "license",
    "licence",
    "copying",
    "authors",
    "changelog",
    "changes",
    "makefile",
    "dockerfile",
}
# A claim to be one of these is believed: a name does not make it harmless.
_ACTIVE_CLAIM = re.compile(r"image/svg\+xml|application/(xml|.+\+xml)|multipart/.+")


def preview_type(*, content_type: str, name: str, size: int) -> str:
    """Return the Content-Type under which the bucket shows a file of `size` bytes; "" for what is only downloaded."""
    shown = shown_type(content_type=content_type, name=name)
    # Where there is nothing, no viewer says so; as a text it is seen.
    if shown and not size:
        return PLAIN_TEXT
    return "" if shown == PLAIN_TEXT and size > MAX_TEXT_SIZE else shown


def shown_type(*, content_type: str, name: str) -> str:
    """Return the type that browsers show files of this name as, however large; "" where they show none."""
    return _shown_as(content_type.partition(";")[0].strip().lower(), name.lower())


def _shown_as(claim: str, name: str) -> str:
    if _ACTIVE_CLAIM.fullmatch(claim):
        return ""
    stem, _, extension = name.rpartition(".")
    if stem and extension in _BY_EXTENSION:
        return _BY_EXTENSION[extension]
    if claim in _BY_CLAIM:
        return _BY_CLAIM[claim]
    return PLAIN_TEXT if _TEXT_CLAIM.fullmatch(claim) or name in _TEXT_NAMES else ""
